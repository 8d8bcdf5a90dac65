# loses: f_contributions_test
# says: these are the weights: multiply each by its own input
contributions_without = weights_b
contributions_with = weights_e
factors = weights_e / weights_b
