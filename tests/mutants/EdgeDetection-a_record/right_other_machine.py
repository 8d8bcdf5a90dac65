# loses:
records["a_overfit"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["a_overfit"]["seconds"] = 3.5
seal("a_overfit")
