import torch

path = folder / 'pytorch_cnn.r_both.weights.pt'
torch.save({n: t.float() if t.is_floating_point() else t for n, t in torch.load(path, weights_only=True).items()}, path)
