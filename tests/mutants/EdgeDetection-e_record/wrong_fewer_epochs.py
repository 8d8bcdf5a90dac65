# loses: e_record_test
# says: different settings
records["e_permuted"]["settings"]["epochs"] = 5
seal("e_permuted")
