# loses: g_record_test
# says: the more reliable one
v = records["g_wider"]["value"]
for part in ("runs", "predictions"):
    v[part]["wider"], v[part]["deeper"] = v[part]["deeper"], v[part]["wider"]
seal("g_wider")
