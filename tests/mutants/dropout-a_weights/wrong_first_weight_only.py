# loses: a_weights_test
# says: the second weight is not used
weights_a = np.array([11 / 10, 0.0])
