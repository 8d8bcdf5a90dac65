# loses: e_record_test
# says: there is no record 'e_deep'
del records['e_deep']
