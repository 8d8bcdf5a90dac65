def demean_backward(g, gamma):
    out = []
    for i in range(len(g)):
        total = 0
        for j in range(len(g)):
            total += g[j] * gamma * ((i == j) - 1 / len(g))
        out.append(total)
    return out
