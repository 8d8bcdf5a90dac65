# loses: 
def fit_line(batches, sizes):
    line = np.polynomial.Polynomial.fit(batches, sizes, 1).convert().coef
    return tuple(line)


def largest_batch(a, b, capacity):
    low, high = 0, 1
    while a + b * high <= capacity:
        low, high = high, 2 * high
    while high - low > 1:
        m = (low + high) // 2
        low, high = (m, high) if a + b * m <= capacity else (low, m)
    return low
