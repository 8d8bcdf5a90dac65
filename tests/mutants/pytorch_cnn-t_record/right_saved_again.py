import torch

path = folder / 'pytorch_cnn.weights.pt'
state = torch.load(path, weights_only=True)
torch.save(state, path, _use_new_zipfile_serialization=False)
