# loses: g_record_test
# says: there is no record 'g_dropout'
del records['g_dropout']
