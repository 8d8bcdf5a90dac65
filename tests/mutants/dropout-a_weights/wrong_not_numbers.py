# loses: a_weights_test
# says: is not made of numbers
weights_a = 'w1 = 1.0891, w2 = 0.1089'
