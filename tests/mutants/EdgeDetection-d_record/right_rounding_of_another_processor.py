# loses:
for split in ("train", "valid"):
    run = records["d_shift"]["value"]["runs"]["CNN 7x7"]["20"][split]
    run["loss"] = [[loss * (1 + 1e-4 * k) for k, loss in enumerate(row, 1)] for row in run["loss"]]
seal("d_shift")
