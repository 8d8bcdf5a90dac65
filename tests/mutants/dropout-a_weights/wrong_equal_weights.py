# loses: a_weights_test
# says: they are not the shortest
weights_a = np.ones(2)
