# loses: a_loader_test
# says: a batch is not a pair of some pictures and their labels
def pictures(kind, n):
    return *EdgeDetectionDataset(domain_config(kind, n), "train").tensors(), *EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()


def batches(x, y, batch_size, seed):
    shuffled = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    return [(y[some], x[some]) for some in torch.split(shuffled, batch_size)]
