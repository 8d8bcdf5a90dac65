# loses:
contributions_without = (weights_b * [10, 1])[:, None]
contributions_with = (weights_e * [10, 1])[:, None]
factors = (weights_e / weights_b)[:, None]
