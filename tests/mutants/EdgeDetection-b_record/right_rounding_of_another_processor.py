# loses:
for split in ("train", "valid"):
    run = records["b_sizes"]["value"]["runs"]["random"]["100"][split]
    run["loss"] = [[loss * (1 + 1e-4 * k) for k, loss in enumerate(row, 1)] for row in run["loss"]]
seal("b_sizes")
