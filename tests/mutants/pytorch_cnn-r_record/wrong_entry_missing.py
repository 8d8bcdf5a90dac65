# loses: r_record_test
# says: other entries
del records['r_both']['value']['with']
seal('r_both')
