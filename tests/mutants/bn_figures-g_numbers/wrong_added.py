# loses: g_numbers_test
# says: batch norm takes that away first
mean_after, std_after = 1, 1
