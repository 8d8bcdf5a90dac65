# loses: g_numbers_test
# says: that is the standard deviation before
mean_after, std_after = 3, 3
