# loses:
def fit_line(batches, sizes):
    A = torch.stack([torch.ones(len(batches)), torch.tensor(batches).float()], dim=1)
    a, b = torch.linalg.lstsq(A, torch.tensor(sizes)[:, None].float()).solution.ravel().tolist()
    return a, b


def largest_batch(a, b, capacity):
    return max(0, int((capacity - a) // b))
