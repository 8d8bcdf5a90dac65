# loses:
# read off the printed weights to two decimals, and computed with those
contributions_without = [10 * round(float(weights_b[0]), 2), round(float(weights_b[1]), 2)]
contributions_with = [10 * round(float(weights_e[0]), 2), round(float(weights_e[1]), 2)]
factors = [round(float(e), 2) / round(float(b), 2) for e, b in zip(weights_e, weights_b)]
