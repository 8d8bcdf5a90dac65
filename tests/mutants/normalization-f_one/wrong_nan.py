# loses: f_one_test
# says: not finite
gradient_of_one = float('nan')
