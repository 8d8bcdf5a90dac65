# loses: g_record_test
# says: does not hold five runs
records['g_dropout']['value']['with'] = records['g_dropout']['value']['with'][:1]
seal('g_dropout')
