# loses: n_record_test
# says: there is no record 'n_few'
del records['n_few']
