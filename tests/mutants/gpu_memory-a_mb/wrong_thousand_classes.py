# loses: a_size_test
# says: 1000 classes
resnet152_mb = 240.771232
