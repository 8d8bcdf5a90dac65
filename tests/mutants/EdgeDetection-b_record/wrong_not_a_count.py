# loses: b_record_test
# says: cannot be accuracies
records["b_sizes"]["value"]["runs"]["random"]["100"]["train"]["accuracy"][0][-1] = 0.51234
seal("b_sizes")
