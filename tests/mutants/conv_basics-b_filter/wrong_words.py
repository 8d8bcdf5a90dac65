# loses: b_filter_test
# says: does not consist of numbers only
w = 'two, minus one, three'
