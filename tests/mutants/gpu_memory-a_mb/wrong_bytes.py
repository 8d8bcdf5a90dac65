# loses: a_size_test
# says: divide by 1,000,000
resnet152_mb = 232657192
