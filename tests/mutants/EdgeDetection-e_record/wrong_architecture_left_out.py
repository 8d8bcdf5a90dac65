# loses: e_record_test
# says: wrong entries
del records["e_permuted"]["value"]["runs"]["MLP"]
seal("e_permuted")
