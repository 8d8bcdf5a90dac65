# loses: a_record_test
# says: different settings
records["a_overfit"]["settings"]["epochs"] = 5
seal("a_overfit")
