# loses: r_process_test
# says: not finite
hours = None
