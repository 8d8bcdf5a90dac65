# loses: e_record_test
# says: cannot be accuracies
records["e_permuted"]["value"]["runs"]["CNN 7x7"]["50"]["train"]["accuracy"][0][-1] = 0.51234
seal("e_permuted")
