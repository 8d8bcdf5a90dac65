# loses: d_record_test
# says: cannot be accuracies
records["d_shift"]["value"]["runs"]["CNN 7x7"]["20"]["train"]["accuracy"][0][-1] = 0.51234
seal("d_shift")
