# loses: d_record_test
# says: different settings
records["d_shift"]["settings"]["epochs"] = 5
seal("d_shift")
