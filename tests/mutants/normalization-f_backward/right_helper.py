def moved(g):
    return g - np.average(g)


def demean_backward(g, gamma):
    return gamma * moved(np.asarray(g))
