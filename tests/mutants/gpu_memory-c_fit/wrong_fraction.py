# loses: c_fit_test
# says: whole number of images
def fit_line(batches, sizes):
    b, a = np.polyfit(batches, sizes, 1)
    return a, b


def largest_batch(a, b, capacity):
    return max((capacity - a) / b, 0)
