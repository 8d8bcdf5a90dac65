# loses:
contributions_without = tuple(round(float(c), 3) for c in weights_b * [10, 1])
contributions_with = tuple(round(float(c), 3) for c in weights_e * [10, 1])
factors = tuple(round(float(r), 3) for r in weights_e / weights_b)
