# loses: r_process_test
# says: is not a number of hours
hours = -1
