# loses:
contributions_without = [10 * weights_b[0], weights_b[1]]
contributions_with = [10 * weights_e[0], weights_e[1]]
factors = [weights_e[0] / weights_b[0], weights_e[1] / weights_b[1]]
