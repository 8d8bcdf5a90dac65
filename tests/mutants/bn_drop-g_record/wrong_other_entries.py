# loses: g_record_test
# says: wrong entries
del records['g_dropout']['value']['with']
seal('g_dropout')
