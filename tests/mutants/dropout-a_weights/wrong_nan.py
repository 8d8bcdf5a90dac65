# loses: a_weights_test
# says: not finite
weights_a = np.array([np.nan, np.nan])
