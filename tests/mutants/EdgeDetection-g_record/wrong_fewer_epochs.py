# loses: g_record_test
# says: different settings
records["g_wider"]["settings"]["epochs"] = 5
seal("g_wider")
