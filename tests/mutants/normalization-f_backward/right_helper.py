def moved(g):
    return g - np.average(g)


def demean_backward(g):
    return moved(np.asarray(g))
