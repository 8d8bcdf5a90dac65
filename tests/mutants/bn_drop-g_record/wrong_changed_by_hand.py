# loses: g_record_test
# says: was changed after it was written
records['g_dropout']['seconds'] = 1.0
