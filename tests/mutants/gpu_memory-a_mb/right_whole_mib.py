# loses:
resnet152_mb = 222
