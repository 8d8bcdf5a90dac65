# loses: f_record_test
# says: other settings
records["f_pools"]["settings"]["seeds"] = [0]
seal("f_pools")
