# loses: f_backward_test
# says: must say how the loss changes
def demean_backward(g):
    return (g - np.mean(g)) / np.std(g)
