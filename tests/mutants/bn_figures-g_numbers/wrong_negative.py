# loses: g_numbers_test
# says: never negative
mean_after, std_after = 3, -1
