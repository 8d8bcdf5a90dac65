# loses: 
def fit_line(batches, sizes):
    b, a = np.polyfit(batches, sizes, 1)
    return a, b


def largest_batch(a, b, capacity):
    return max(int((capacity - a) // b), 0)
