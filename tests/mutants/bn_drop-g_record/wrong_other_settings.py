# loses: g_record_test
# says: different settings
records['g_dropout']['settings']['n'] = 100
seal('g_dropout')
