# loses:
def images_needed(sizes, accuracies, target):
    best = np.maximum.accumulate(accuracies)
    if best[-1] < target:
        return None
    k = int(np.searchsorted(best, target))
    if k == 0:
        return sizes[0]
    return sizes[k] - (accuracies[k] - target) / (accuracies[k] - accuracies[k - 1]) * (sizes[k] - sizes[k - 1])
