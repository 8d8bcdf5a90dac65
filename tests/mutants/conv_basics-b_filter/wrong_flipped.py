# loses: b_filter_test
# says: the wrong way round
w = [3, -1, 2]
