import torch

x = torch.tensor([[[[-1.0, 2], [3, 1]]]])
out = torch.nn.functional.conv_transpose2d(x, torch.tensor([[[[1.0, -1], [0, 1]]]]))[0, 0]
