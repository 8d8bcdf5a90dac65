# loses: f_record_test
# says: was changed after it was written
records["f_pools"]["value"]["runs"]["max pool"]["20"]["valid"]["accuracy"][0][-1] = 1.0
