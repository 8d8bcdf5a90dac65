# loses: f_contributions_test
# says: divide the weight with dropout by the weight without
contributions_without = weights_b * np.array([10.0, 1.0])
contributions_with = weights_e * np.array([10.0, 1.0])
factors = weights_b / weights_e
