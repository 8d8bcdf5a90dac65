# loses: a_record_test
# says: was changed after it was written
records["a_overfit"]["value"]["runs"]["CNN"]["10"]["valid"]["accuracy"][0][-1] = 1.0
