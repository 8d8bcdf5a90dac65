# loses: e_record_test
# says: the MLP is the better one
v = records["e_permuted"]["value"]
for part in ("runs", "predictions"):
    v[part]["CNN 7x7"], v[part]["MLP"] = v[part]["MLP"], v[part]["CNN 7x7"]
seal("e_permuted")
