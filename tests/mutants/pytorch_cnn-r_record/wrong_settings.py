# loses: r_record_test
# says: other settings
records['r_both']['settings']['epochs'] = 9
seal('r_both')
