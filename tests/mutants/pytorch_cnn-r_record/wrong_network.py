# loses: r_record_test
# says: is of another network
records['r_both']['value']['with']['parameters'] = 311684
seal('r_both')
