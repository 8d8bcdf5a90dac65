# loses: a_weights_test
# says: others with a smaller norm fit too
weights_a = np.ones(2)
