import torch


def demean_backward(g):
    g = torch.tensor(g, dtype=torch.float32)
    return g - g.mean()
