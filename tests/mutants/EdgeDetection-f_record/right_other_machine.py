# loses:
records["f_pools"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["f_pools"]["seconds"] = 3.5
seal("f_pools")
