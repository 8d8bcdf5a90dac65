import torch


def w_tilde(w, G):
    return torch.tensor(G, dtype=torch.float32) @ torch.tensor(w, dtype=torch.float32)


def X_tilde(X, G):
    return torch.tensor(X, dtype=torch.float32) @ torch.linalg.inv(torch.tensor(G, dtype=torch.float32))
