# loses: f_backward_test
# says: added up where their mean belongs
def demean_backward(g, gamma):
    return gamma * (g - np.sum(g))
