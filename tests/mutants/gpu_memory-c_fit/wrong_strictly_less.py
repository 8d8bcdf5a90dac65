# loses: c_fit_test
# says: one image more would still fit
def fit_line(batches, sizes):
    b, a = np.polyfit(batches, sizes, 1)
    return a, b


def largest_batch(a, b, capacity):
    n = 0
    while n < 10000 and a + b * (n + 1) < capacity:
        n += 1
    return n
