# loses: 
resnet152_mb = 232.66
