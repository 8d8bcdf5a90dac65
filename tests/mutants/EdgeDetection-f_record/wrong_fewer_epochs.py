# loses: f_record_test
# says: different settings
records["f_pools"]["settings"]["epochs"] = 5
seal("f_pools")
