# loses: g_record_test
# says: was changed after it was written
records["g_wider"]["value"]["runs"]["wider"]["20"]["valid"]["accuracy"][0][-1] = 1.0
