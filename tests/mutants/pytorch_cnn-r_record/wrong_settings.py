# loses: r_record_test
# says: different settings
records['r_both']['settings']['epochs'] = 9
seal('r_both')
