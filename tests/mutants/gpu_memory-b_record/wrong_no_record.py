# loses: b_record_test
# says: there is no record
records = None
