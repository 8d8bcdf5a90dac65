# loses: b_record_test
# says: the same losses for two seeds
loss = records["b_sizes"]["value"]["runs"]["random"]["100"]["valid"]["loss"]
loss[1] = loss[0]
seal("b_sizes")
