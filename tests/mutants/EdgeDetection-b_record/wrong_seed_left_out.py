# loses: b_record_test
# says: has the wrong shape
records["b_sizes"]["value"]["runs"]["random"]["100"]["valid"]["accuracy"].pop()
seal("b_sizes")
