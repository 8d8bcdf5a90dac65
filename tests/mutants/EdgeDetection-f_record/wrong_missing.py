# loses: f_record_test
# says: there is no record 'f_pools'
del records["f_pools"]
