# loses: h_tilted_test
# says: divided by both standard deviations
plain_after = np.eye(2)
tilted_after = [[1, 1.6], [1.6, 1]]
