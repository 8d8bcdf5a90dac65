# loses: b_needed_test
# says: this is rounded: keep the fraction
import math


def images_needed(sizes, accuracies, target):
    if accuracies[0] >= target:
        return sizes[0]
    for k in range(1, len(sizes)):
        if accuracies[k] >= target:
            share = (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1])
            return math.ceil(sizes[k - 1] + share * (sizes[k] - sizes[k - 1]))
    return None
