# loses: f_contributions_test
# says: this is the other network
contributions_without = weights_e * np.array([10.0, 1.0])
contributions_with = weights_b * np.array([10.0, 1.0])
factors = weights_e / weights_b
