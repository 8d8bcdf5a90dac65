# loses:
for split in ("train", "valid"):
    run = records["g_wider"]["value"]["runs"]["wider"]["20"][split]
    run["loss"] = [[loss * (1 + 1e-4 * k) for k, loss in enumerate(row, 1)] for row in run["loss"]]
seal("g_wider")
