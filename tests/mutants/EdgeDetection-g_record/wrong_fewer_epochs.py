# loses: g_record_test
# says: other settings
records["g_wider"]["settings"]["epochs"] = 5
seal("g_wider")
