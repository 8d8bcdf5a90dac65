# loses: g_record_test
# says: other entries
del records["g_wider"]["value"]["runs"]["deeper"]
seal("g_wider")
