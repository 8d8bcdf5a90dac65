# loses:
records["g_wider"]["environment"] = {"python": "3.13.0", "platform": "Darwin arm64"}
records["g_wider"]["seconds"] = 3.5
seal("g_wider")
