# loses:
resnet152_mb = 233
