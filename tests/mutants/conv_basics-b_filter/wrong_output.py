# loses: b_filter_test
# says: must give y
w = [-2, 2, 11]
