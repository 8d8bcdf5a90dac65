# loses: h_tilted_test
# says: that is whitening
plain_after = np.eye(2)
tilted_after = np.eye(2)
