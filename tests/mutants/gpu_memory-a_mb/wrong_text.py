# loses: a_size_test
# says: not consist of numbers only
resnet152_mb = '233 MB'
