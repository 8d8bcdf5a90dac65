# loses: f_contributions_test
# says: 10·w1 and w2, in that order
contributions_without = weights_b
contributions_with = weights_e
factors = weights_e / weights_b
