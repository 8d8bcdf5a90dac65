# loses: g_record_test
# says: cannot be accuracies
records["g_wider"]["value"]["runs"]["wider"]["20"]["train"]["accuracy"][0][-1] = 0.51234
seal("g_wider")
