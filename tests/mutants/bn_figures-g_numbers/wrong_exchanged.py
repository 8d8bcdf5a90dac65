# loses: g_numbers_test
# says: is not right
mean_after, std_after = 1.5, 3
