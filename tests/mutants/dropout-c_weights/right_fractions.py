# loses:
weights_c = [11 / 30, 11 / 3]
