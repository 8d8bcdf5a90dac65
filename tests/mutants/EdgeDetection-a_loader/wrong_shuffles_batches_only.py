# loses: a_loader_test
# says: class after class
def pictures(kind, n):
    x, y = EdgeDetectionDataset(domain_config(kind, n), "train").tensors()
    x_valid, y_valid = EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()
    return x, y, x_valid, y_valid


def batches(x, y, batch_size, seed):
    parts = [(x[k : k + batch_size], y[k : k + batch_size]) for k in range(0, len(x), batch_size)]
    return [parts[k] for k in np.random.default_rng(seed).permutation(len(parts)) if len(parts[k][0]) == batch_size] + [
        p for p in parts if len(p[0]) < batch_size
    ]
