# loses:
for split in ("train", "valid"):
    run = records["a_overfit"]["value"]["runs"]["CNN"]["10"][split]
    run["loss"] = [[loss * (1 + 1e-4 * k) for k, loss in enumerate(row, 1)] for row in run["loss"]]
seal("a_overfit")
