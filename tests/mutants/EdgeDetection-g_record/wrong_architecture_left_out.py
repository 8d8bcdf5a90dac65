# loses: g_record_test
# says: wrong entries
del records["g_wider"]["value"]["runs"]["deeper"]
seal("g_wider")
