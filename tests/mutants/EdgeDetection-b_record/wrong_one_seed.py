# loses: b_record_test
# says: different settings
records["b_sizes"]["settings"]["seeds"] = [0]
seal("b_sizes")
