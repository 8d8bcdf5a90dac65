# loses: r_record_test
# says: do not belong together
records['r_both']['value']['with']['test'] = 0.9
seal('r_both')
