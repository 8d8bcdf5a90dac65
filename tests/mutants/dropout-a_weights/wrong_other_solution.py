# loses: a_weights_test
# says: take the ones with the smallest norm
weights_a = np.array([0.5, 6.0])
