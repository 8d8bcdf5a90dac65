# loses: 
resnet152_mb = model_size(resnet152)[1] / 2**20
