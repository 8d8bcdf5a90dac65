# loses: a_weights_test
# says: in the wrong order
weights_a = (np.linalg.pinv(np.array([[10.0, 1.0]])) @ np.array([11.0]))[::-1]
