# loses: g_record_test
# says: has the wrong shape
records["g_wider"]["value"]["runs"]["wider"]["20"]["valid"]["accuracy"].pop()
seal("g_wider")
