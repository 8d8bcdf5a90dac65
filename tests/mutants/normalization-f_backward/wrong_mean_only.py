# loses: f_backward_test
# says: must say how the loss changes
def demean_backward(g, gamma):
    return np.full(len(g), gamma * np.mean(g))
