# loses: g_numbers_test
# says: beta is added after
mean_after, std_after = 0, 1
