# loses: a_loader_test
# says: changes the global random state
def pictures(kind, n):
    return *EdgeDetectionDataset(domain_config(kind, n), "train").tensors(), *EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()


def batches(x, y, batch_size, seed):
    torch.manual_seed(seed)
    shuffled = torch.randperm(len(x))
    return [(x[some], y[some]) for some in torch.split(shuffled, batch_size)]
