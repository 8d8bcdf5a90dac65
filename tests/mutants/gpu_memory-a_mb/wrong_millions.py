# loses: a_size_test
# says: each has 4 bytes
resnet152_mb = 58.164
