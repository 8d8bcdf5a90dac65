# loses:
records["b_sizes"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["b_sizes"]["seconds"] = 3.5
seal("b_sizes")
