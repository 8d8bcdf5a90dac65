# loses: b_record_test
# says: was changed after it was written
records["b_sizes"]["value"]["runs"]["random"]["100"]["valid"]["accuracy"][0][-1] = 1.0
