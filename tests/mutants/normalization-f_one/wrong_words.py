# loses: f_one_test
# says: does not consist of numbers only
gradient_of_one = 'zero'
