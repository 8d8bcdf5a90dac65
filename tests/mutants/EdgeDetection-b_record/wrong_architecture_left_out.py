# loses: b_record_test
# says: wrong entries
del records["b_sizes"]["value"]["runs"]["MLP"]
seal("b_sizes")
