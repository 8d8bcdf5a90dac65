# loses: f_backward_test
# says: gamma is missing on the path
def demean_backward(g, gamma):
    return gamma * g - np.mean(g)
