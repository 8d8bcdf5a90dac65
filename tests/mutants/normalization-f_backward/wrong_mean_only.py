# loses: f_backward_test
# says: must say how the loss changes
def demean_backward(g):
    return np.full(len(g), np.mean(g))
