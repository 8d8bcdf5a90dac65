# loses: g_record_test
# says: different settings
records["g_wider"]["settings"]["seeds"] = [0]
seal("g_wider")
