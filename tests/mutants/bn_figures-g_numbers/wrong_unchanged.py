# loses: g_numbers_test
# says: that is the mean before
mean_after, std_after = -2, 3
