# loses: f_backward_test
# says: divided by n - 1
def demean_backward(g, gamma):
    return gamma * (g - np.sum(g) / (len(g) - 1))
