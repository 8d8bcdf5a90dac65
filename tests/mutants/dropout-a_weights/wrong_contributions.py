# loses: a_weights_test
# says: these are the contributions
weights_a = np.linalg.pinv(np.array([[10.0, 1.0]])) @ np.array([11.0]) * np.array([10.0, 1.0])
