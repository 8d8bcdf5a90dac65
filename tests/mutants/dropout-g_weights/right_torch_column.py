# loses:
def dropout_weights(p):
    q = 1 - p
    moments = torch.tensor([[100 / q, 10], [10, 1 / q]], dtype=torch.float64)
    return torch.linalg.pinv(moments) @ torch.tensor([[110.0], [11.0]], dtype=torch.float64)
