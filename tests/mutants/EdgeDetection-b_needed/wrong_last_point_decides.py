# loses: b_needed_test
# says: look at all points, not only at the last one
def images_needed(sizes, accuracies, target):
    if accuracies[-1] < target:
        return None
    if accuracies[0] >= target:
        return sizes[0]
    for k in range(1, len(sizes)):
        if accuracies[k] >= target:
            share = (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1])
            return sizes[k - 1] + share * (sizes[k] - sizes[k - 1])
