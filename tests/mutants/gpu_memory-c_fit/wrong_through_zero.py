# loses: c_fit_test
def fit_line(batches, sizes):
    x, y = np.array(batches, float), np.array(sizes, float)
    return 0.0, (x * y).sum() / (x * x).sum()


def largest_batch(a, b, capacity):
    return max(int((capacity - a) // b), 0)
