# loses: e_record_test
# says: other entries
del records["e_permuted"]["value"]["runs"]["MLP"]
seal("e_permuted")
