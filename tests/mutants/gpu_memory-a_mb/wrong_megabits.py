# loses: a_size_test
# says: megabits
resnet152_mb = 1861.2575
