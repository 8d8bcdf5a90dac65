# loses: f_record_test
# says: different settings
records["f_pools"]["settings"]["seeds"] = [0]
seal("f_pools")
