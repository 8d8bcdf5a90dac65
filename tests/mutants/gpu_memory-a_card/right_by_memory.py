# loses:
card = "24GB"
