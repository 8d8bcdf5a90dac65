# loses: b_record_test
# says: there is no record 'b_sizes'
del records["b_sizes"]
