# loses: e_record_test
# says: there is no record 'e_sweep'
del records['e_sweep']
seal('e_deep')
