# loses: g_record_test
# says: does not show a smaller gap
records['g_dropout']['value']['with'] = records['g_dropout']['value']['without']
seal('g_dropout')
