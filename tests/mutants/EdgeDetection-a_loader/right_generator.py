# loses:
def pictures(kind, n):
    return *EdgeDetectionDataset(domain_config(kind, n), "train").tensors(), *EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()


def batches(x, y, batch_size, seed):
    places = np.random.default_rng(seed).permutation(len(x))
    for start in range(0, len(x), batch_size):
        some = places[start : start + batch_size]
        yield x[some], y[some]
