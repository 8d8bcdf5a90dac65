# loses: c_record_test
# says: there is no record
del records['c_batches']
