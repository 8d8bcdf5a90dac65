def demean_backward(g):
    out = []
    for i in range(len(g)):
        total = 0
        for j in range(len(g)):
            total += g[j] * ((i == j) - 1 / len(g))
        out.append(total)
    return out
