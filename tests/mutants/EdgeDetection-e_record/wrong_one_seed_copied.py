# loses: e_record_test
# says: the same losses for two seeds
loss = records["e_permuted"]["value"]["runs"]["CNN 7x7"]["50"]["valid"]["loss"]
loss[1] = loss[0]
seal("e_permuted")
