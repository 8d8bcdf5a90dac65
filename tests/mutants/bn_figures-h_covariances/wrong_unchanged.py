# loses: h_plain_test, h_tilted_test
# says: that is the covariance before
plain_after = [[4, 0], [0, 1]]
tilted_after = [[4, 1.6], [1.6, 1]]
