# loses: a_record_test
# says: has the wrong shape
records["a_overfit"]["value"]["runs"]["CNN"]["10"]["valid"]["accuracy"].pop()
seal("a_overfit")
