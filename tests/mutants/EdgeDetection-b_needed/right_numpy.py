# loses:
import numpy as np


def images_needed(sizes, accuracies, target):
    sizes, accuracies = np.asarray(sizes, float), np.asarray(accuracies, float)
    reached = np.flatnonzero(accuracies >= target)
    if len(reached) == 0:
        return None
    k = reached[0]
    if k == 0:
        return sizes[0]
    return np.interp(target, accuracies[k - 1 : k + 1], sizes[k - 1 : k + 1])
