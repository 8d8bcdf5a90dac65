# loses: r_record_test
# says: do not reproduce the record
import torch

path = folder / 'pytorch_cnn.r_both.weights.pt'
state = torch.load(path, weights_only=True)
torch.manual_seed(0)
torch.save({n: t[torch.randperm(len(t))] if t.ndim else t for n, t in state.items()}, path)
