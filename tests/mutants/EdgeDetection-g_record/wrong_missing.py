# loses: g_record_test
# says: there is no record 'g_wider'
del records["g_wider"]
