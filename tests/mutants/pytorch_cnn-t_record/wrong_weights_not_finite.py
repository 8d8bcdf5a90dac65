# loses: t_score_test
# says: entries that are not finite
import torch

path = folder / 'pytorch_cnn.weights.pt'
state = torch.load(path, weights_only=True)
next(iter(state.values())).fill_(float('nan'))
torch.save(state, path)
