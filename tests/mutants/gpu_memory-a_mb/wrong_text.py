# loses: a_size_test
# says: not made of numbers
resnet152_mb = '233 MB'
