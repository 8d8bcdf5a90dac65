# loses: g_record_test
# says: does not show a smaller gap
v = records['g_dropout']['value']
v['with'], v['without'] = v['without'], v['with']
seal('g_dropout')
