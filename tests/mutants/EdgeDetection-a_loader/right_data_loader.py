# loses:
def pictures(kind, n):
    x, y = EdgeDetectionDataset(domain_config(kind, n), "train").tensors()
    x_valid, y_valid = EdgeDetectionDataset(domain_config(kind, 50), "valid").tensors()
    return x, y, x_valid, y_valid


def batches(x, y, batch_size, seed):
    data = torch.utils.data.TensorDataset(x, y)
    generator = torch.Generator().manual_seed(seed)
    return list(torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True, generator=generator))
