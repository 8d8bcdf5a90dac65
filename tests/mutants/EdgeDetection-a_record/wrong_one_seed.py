# loses: a_record_test
# says: different settings
records["a_overfit"]["settings"]["seeds"] = [0]
seal("a_overfit")
