# loses: d_record_test
# says: too good to be true
v = records["d_shift"]["value"]
for part in ("runs", "predictions"):
    v[part]["CNN 7x7"], v[part]["MLP"] = v[part]["MLP"], v[part]["CNN 7x7"]
seal("d_shift")
