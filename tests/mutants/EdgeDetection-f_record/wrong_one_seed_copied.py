# loses: f_record_test
# says: the same losses for two seeds
loss = records["f_pools"]["value"]["runs"]["max pool"]["20"]["valid"]["loss"]
loss[1] = loss[0]
seal("f_pools")
