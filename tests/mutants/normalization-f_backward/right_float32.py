import torch


def demean_backward(g, gamma):
    g = torch.tensor(g, dtype=torch.float32)
    return gamma * (g - g.mean())
