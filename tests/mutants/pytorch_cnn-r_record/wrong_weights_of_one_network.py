# loses: r_record_test
# says: the weights of 'plain' do not fit into your network
import torch

path = folder / 'pytorch_cnn.r_both.weights.pt'
state = torch.load(path, weights_only=True)
torch.save({n: t for n, t in state.items() if n.startswith('with.')}, path)
