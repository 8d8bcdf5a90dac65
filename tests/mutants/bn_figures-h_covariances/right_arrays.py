plain_after = np.eye(2)
tilted_after = np.array([[1, 0.8], [0.8, 1]])
