# loses: c_fit_test
def fit_line(batches, sizes):
    return np.polyfit(batches, sizes, 1)


def largest_batch(a, b, capacity):
    return max(int((capacity - a) // b), 0)
