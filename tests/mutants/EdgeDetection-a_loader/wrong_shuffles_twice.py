# loses: a_loader_test
# says: no longer belong together
def pictures(kind, n):
    x, y = EdgeDetectionDataset(domain_config(kind, n), "train").tensors()
    x_valid, y_valid = EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()
    return x, y, x_valid, y_valid


def batches(x, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    x, y = x[rng.permutation(len(x))], y[rng.permutation(len(x))]
    return [(x[k : k + batch_size], y[k : k + batch_size]) for k in range(0, len(x), batch_size)]
