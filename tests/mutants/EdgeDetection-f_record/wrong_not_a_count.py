# loses: f_record_test
# says: cannot be accuracies
records["f_pools"]["value"]["runs"]["max pool"]["20"]["train"]["accuracy"][0][-1] = 0.51234
seal("f_pools")
