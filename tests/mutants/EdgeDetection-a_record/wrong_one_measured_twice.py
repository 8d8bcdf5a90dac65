# loses: a_record_test
# says: the CNN generalizes better
v = records["a_overfit"]["value"]
for part in ("runs", "predictions"):
    v[part]["CNN"] = v[part]["MLP"]
seal("a_overfit")
