# loses: a_loader_test
# says: the pictures come class after class
def pictures(kind, n):
    x, y = EdgeDetectionDataset(domain_config(kind, n), "train").tensors()
    x_valid, y_valid = EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()
    return x, y, x_valid, y_valid


def batches(x, y, batch_size, seed):
    return list(zip(torch.split(x, batch_size), torch.split(y, batch_size)))
