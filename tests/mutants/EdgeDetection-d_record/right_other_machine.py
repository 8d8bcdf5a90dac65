# loses:
records["d_shift"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["d_shift"]["seconds"] = 3.5
seal("d_shift")
