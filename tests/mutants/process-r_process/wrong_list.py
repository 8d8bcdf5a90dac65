# loses: r_process_test
# says: has the wrong size
hours = [2, 3]
