# loses: f_backward_test
# says: must say how the loss changes
def demean_backward(g, gamma):
    return gamma * (g - np.mean(g)) / np.std(g)
