# loses: a_size_test
# says: GB
resnet152_mb = 0.2326572
