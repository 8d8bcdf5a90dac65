# loses: e_record_test
# says: has the wrong shape
records["e_permuted"]["value"]["runs"]["CNN 7x7"]["50"]["valid"]["accuracy"].pop()
seal("e_permuted")
