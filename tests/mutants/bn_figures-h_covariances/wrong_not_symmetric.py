# loses: h_tilted_test
# says: is not a covariance
plain_after = np.eye(2)
tilted_after = [[1, 0.8], [0, 1]]
