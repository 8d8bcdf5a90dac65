# loses: r_record_test
# says: does not look like the losses
records['r_both']['value']['with']['loss'] = [4.0] * 6
seal('r_both')
