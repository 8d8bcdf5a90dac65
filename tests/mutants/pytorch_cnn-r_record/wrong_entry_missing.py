# loses: r_record_test
# says: wrong entries
del records['r_both']['value']['with']
seal('r_both')
