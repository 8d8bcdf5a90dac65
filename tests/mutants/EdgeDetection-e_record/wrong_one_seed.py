# loses: e_record_test
# says: different settings
records["e_permuted"]["settings"]["seeds"] = [0]
seal("e_permuted")
