# loses: f_one_test
# says: is not made of numbers
gradient_of_one = 'zero'
