# loses: e_record_test
# says: there is no record 'e_permuted'
del records["e_permuted"]
