# loses: b_filter_test
# says: must give y
w = [4, -2, 6]
