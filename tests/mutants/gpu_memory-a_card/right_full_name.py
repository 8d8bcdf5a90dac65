# loses:
card = "Tesla T4"
