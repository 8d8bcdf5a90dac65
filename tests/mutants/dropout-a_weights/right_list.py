# loses:
weights_a = [110 / 101, 11 / 101]
