# loses: e_record_test
# says: was changed after it was written
records["e_permuted"]["value"]["runs"]["CNN 7x7"]["50"]["valid"]["accuracy"][0][-1] = 1.0
