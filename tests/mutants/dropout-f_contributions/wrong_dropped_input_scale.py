# loses: f_contributions_test
# says: the factor 1 / q belongs to training
contributions_without = weights_b * np.array([10.0, 1.0])
contributions_with = weights_e * np.array([20.0, 2.0])
factors = weights_e / weights_b
