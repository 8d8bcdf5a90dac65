# loses: r_process_test
# says: hours is None
hours = None
