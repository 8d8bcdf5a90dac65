# loses: a_size_test
# says: buffers are counted
resnet152_mb = 233.264128
