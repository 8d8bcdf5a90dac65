# loses: a_weights_test
# says: does not consist of numbers only
weights_a = 'w1 = 1.0891, w2 = 0.1089'
