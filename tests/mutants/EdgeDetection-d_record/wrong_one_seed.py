# loses: d_record_test
# says: different settings
records["d_shift"]["settings"]["seeds"] = [0]
seal("d_shift")
