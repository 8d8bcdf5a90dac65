# loses: r_record_test
# says: was recorded with a different network
records['r_both']['value']['with']['parameters'] = 311684
seal('r_both')
