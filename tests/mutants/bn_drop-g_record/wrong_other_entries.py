# loses: g_record_test
# says: other entries
del records['g_dropout']['value']['with']
seal('g_dropout')
