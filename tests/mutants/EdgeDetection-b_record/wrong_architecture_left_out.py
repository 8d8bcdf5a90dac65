# loses: b_record_test
# says: other entries
del records["b_sizes"]["value"]["runs"]["MLP"]
seal("b_sizes")
