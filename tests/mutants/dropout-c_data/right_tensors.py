# loses:
inputs_c = torch.tensor([[20.0, 2.0], [20.0, 0.0], [0.0, 2.0], [0.0, 0.0]], dtype=torch.float64)
targets_c = torch.full((4,), 11.0, dtype=torch.float64)
