# loses: c_weights_test
# says: these are the weights without dropout
weights_c = np.linalg.pinv(np.array([[10.0, 1.0]])) @ np.array([11.0])
