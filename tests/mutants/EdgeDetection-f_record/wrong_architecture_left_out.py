# loses: f_record_test
# says: wrong entries
del records["f_pools"]["value"]["runs"]["MLP"]
seal("f_pools")
