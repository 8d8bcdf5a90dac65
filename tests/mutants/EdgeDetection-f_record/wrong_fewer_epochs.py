# loses: f_record_test
# says: other settings
records["f_pools"]["settings"]["epochs"] = 5
seal("f_pools")
