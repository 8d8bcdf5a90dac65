# loses:
def pictures(kind, n):
    found = []
    for mode, count in (("train", n), ("valid", 50)):
        items = [item for item in EdgeDetectionDataset(domain_config(kind, count), mode)]
        found += [torch.stack([x for x, _ in items]), torch.tensor([y for _, y in items])]
    return found


import random


def batches(x, y, batch_size, seed):
    places = list(range(len(x)))
    random.Random(seed).shuffle(places)
    found = []
    while places:
        some, places = places[:batch_size], places[batch_size:]
        found.append([x[some], y[some]])
    return found
