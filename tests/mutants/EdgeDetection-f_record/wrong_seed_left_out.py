# loses: f_record_test
# says: has the wrong shape
records["f_pools"]["value"]["runs"]["max pool"]["20"]["valid"]["accuracy"].pop()
seal("f_pools")
