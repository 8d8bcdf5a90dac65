# loses: d_record_test
# says: has the wrong shape
records["d_shift"]["value"]["runs"]["CNN 7x7"]["20"]["valid"]["accuracy"].pop()
seal("d_shift")
