# loses: a_weights_test
# says: the first weight is not used
weights_a = np.array([0.0, 11.0])
