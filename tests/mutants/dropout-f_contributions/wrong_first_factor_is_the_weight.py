# loses: f_contributions_test
# says: this is the weight with dropout itself
contributions_without, contributions_with = weights_b * np.array([10.0, 1.0]), weights_e * np.array([10.0, 1.0])
factors = np.array([weights_e[0], weights_e[1] / weights_b[1]])
