def expected_loss(X, y, w_check, p):
    total = 0.0
    for i in range(len(y)):
        fit = y[i] - p * sum(X[i, j] * w_check[j] for j in range(len(w_check)))
        total += fit**2
        for j in range(len(w_check)):
            total += p * (1 - p) * (X[i, j] * w_check[j]) ** 2
    return total
