# loses: d_record_test
# says: was changed after it was written
records["d_shift"]["value"]["runs"]["CNN 7x7"]["20"]["valid"]["accuracy"][0][-1] = 1.0
