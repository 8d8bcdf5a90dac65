# loses: a_size_test
# says: kB
resnet152_mb = 232657.192
