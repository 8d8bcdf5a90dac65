import torch


def expected_loss(X, y, w_check, p):
    X, y, w_check = (torch.tensor(entry, dtype=torch.float32) for entry in (X, y, w_check))
    return ((y - p * X @ w_check) ** 2).sum() + p * (1 - p) * ((X * w_check) ** 2).sum()
