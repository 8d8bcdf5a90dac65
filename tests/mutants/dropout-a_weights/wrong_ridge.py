# loses: a_weights_test
x = np.array([[10.0, 1.0]])
weights_a = np.linalg.solve(x.T @ x + np.eye(2), x.T @ np.array([11.0]))
