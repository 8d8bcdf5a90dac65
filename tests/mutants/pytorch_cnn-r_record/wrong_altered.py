# loses: r_record_test
# says: was changed after it was written
records['r_both']['seconds'] = 1.0
