# loses: a_record_test
# says: cannot be accuracies
records["a_overfit"]["value"]["runs"]["CNN"]["10"]["train"]["accuracy"][0][-1] = 0.51234
seal("a_overfit")
