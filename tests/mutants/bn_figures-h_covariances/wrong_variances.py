# loses: h_tilted_test
# says: both variances instead
plain_after = np.eye(2)
tilted_after = [[1, 0.4], [0.4, 1]]
