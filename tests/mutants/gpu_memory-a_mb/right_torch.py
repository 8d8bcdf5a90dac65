# loses: 
resnet152_mb = torch.tensor(model_size(resnet152)[1] / MB, dtype=torch.float64)
