# loses: f_backward_test
# says: sign of the path
def demean_backward(g, gamma):
    return gamma * (g + np.mean(g))
