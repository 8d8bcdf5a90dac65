# loses: f_one_test
# says: is not right
gradient_of_one = 1
