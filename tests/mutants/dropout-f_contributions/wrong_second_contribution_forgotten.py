# loses: f_contributions_test
# says: multiply each weight by its own input
contributions_without, contributions_with = np.array([10 * weights_b[0], 0.05]), weights_e * np.array([10.0, 1.0])
factors = weights_e / weights_b
