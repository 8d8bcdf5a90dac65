# loses: b_filter_test
# says: is not made of numbers
w = 'two, minus one, three'
