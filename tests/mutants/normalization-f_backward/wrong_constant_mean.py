# loses: f_backward_test
# says: the mean was treated as a constant
def demean_backward(g, gamma):
    return gamma * g
