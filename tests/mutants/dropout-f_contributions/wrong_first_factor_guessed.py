# loses: f_contributions_test
# says: divide each weight with dropout by the same weight without
contributions_without, contributions_with = weights_b * np.array([10.0, 1.0]), weights_e * np.array([10.0, 1.0])
factors = [0.5, 32.0]
