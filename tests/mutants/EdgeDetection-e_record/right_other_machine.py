# loses:
records["e_permuted"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["e_permuted"]["seconds"] = 3.5
seal("e_permuted")
