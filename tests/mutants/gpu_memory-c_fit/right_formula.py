# loses: 
def fit_line(batches, sizes):
    x, y = np.array(batches, float), np.array(sizes, float)
    b = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return y.mean() - b * x.mean(), b


def largest_batch(a, b, capacity):
    if capacity < a + b:
        return 0
    return (capacity - a) // b
