# loses: f_backward_test
# says: sign of the path
def demean_backward(g):
    return g + np.mean(g)
