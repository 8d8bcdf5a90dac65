# loses: h_plain_test
# says: divided by the standard deviation only once
plain_after = [[2, 0], [0, 1]]
tilted_after = [[1, 0.8], [0.8, 1]]
