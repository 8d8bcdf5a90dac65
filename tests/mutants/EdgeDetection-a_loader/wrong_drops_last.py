# loses: a_loader_test
# says: what is left over
def pictures(kind, n):
    x, y = EdgeDetectionDataset(domain_config(kind, n), "train").tensors()
    x_valid, y_valid = EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()
    return x, y, x_valid, y_valid


def batches(x, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return [
        (x[order[k * batch_size : (k + 1) * batch_size]], y[order[k * batch_size : (k + 1) * batch_size]])
        for k in range(len(x) // batch_size)
    ]
