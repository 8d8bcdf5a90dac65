# loses:
weights_a = torch.linalg.lstsq(torch.tensor([[10.0, 1.0]]), torch.tensor([[11.0]]), driver='gelsd').solution
