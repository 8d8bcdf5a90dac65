# loses: r_record_test
# says: there is no record 'r_both'
del records['r_both']
