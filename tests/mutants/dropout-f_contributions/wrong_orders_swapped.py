# loses: f_contributions_test
# says: the two contributions are in the wrong order
contributions_without = (weights_b * np.array([10.0, 1.0]))[::-1]
contributions_with = (weights_e * np.array([10.0, 1.0]))[::-1]
factors = weights_e / weights_b
