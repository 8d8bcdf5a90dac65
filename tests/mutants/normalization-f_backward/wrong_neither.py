# loses: f_backward_test
# says: and gamma is missing
def demean_backward(g, gamma):
    return g
