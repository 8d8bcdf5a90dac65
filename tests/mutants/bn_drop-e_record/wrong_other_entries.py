# loses: e_record_test
# says: wrong entries
del records['e_deep']['value']['with']
seal('e_deep')
