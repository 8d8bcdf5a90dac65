# loses: a_record_test
# says: wrong entries
del records["a_overfit"]["value"]["runs"]["MLP"]
seal("a_overfit")
