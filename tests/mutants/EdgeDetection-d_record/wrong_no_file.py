# loses: d_record_test
# says: no such file
records = None
