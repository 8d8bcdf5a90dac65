# loses: f_backward_test
# says: gamma is missing: it multiplies
def demean_backward(g, gamma):
    return g - np.mean(g)
