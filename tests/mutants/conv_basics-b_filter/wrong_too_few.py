# loses: b_filter_test
# says: has the wrong size
w = [2, -1]
