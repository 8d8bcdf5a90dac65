# loses: d_record_test
# says: wrong entries
del records["d_shift"]["value"]["runs"]["MLP"]
seal("d_shift")
