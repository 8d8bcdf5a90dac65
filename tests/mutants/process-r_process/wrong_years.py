# loses: r_process_test
# says: is not a number such as 6.5
hours = 9000
