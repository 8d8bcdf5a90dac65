# loses: t_score_test
# says: do not fit into your network
import torch

path = folder / 'pytorch_cnn.weights.pt'
state = torch.load(path, weights_only=True)
torch.save({f'net.{name}': value for name, value in state.items()}, path)
