# loses: b_record_test
# says: different settings
records["b_sizes"]["settings"]["epochs"] = 5
seal("b_sizes")
