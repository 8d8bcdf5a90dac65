# loses: d_record_test
# says: there is no record 'd_shift'
del records["d_shift"]
