# loses: b_record_test
# says: other settings
records["b_sizes"]["settings"]["seeds"] = [0]
seal("b_sizes")
