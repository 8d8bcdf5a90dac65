# loses: f_one_test
# says: moving x changes nothing
gradient_of_one = 7
