# loses: a_record_test
# says: there is no record 'a_overfit'
del records["a_overfit"]
