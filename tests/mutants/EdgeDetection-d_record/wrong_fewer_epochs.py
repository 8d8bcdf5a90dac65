# loses: d_record_test
# says: other settings
records["d_shift"]["settings"]["epochs"] = 5
seal("d_shift")
