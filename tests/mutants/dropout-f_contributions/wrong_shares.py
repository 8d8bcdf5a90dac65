# loses: f_contributions_test
# says: these are shares
contributions_without = weights_b * np.array([10.0, 1.0])
contributions_without = contributions_without / contributions_without.sum()
contributions_with = weights_e * np.array([10.0, 1.0])
factors = weights_e / weights_b
