# loses: b_needed_test
# says: images_needed at the first point
def images_needed(sizes, accuracies, target):
    for k in range(1, len(sizes)):
        if accuracies[k] >= target:
            share = (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1])
            return float(sizes[k - 1] + share * (sizes[k] - sizes[k - 1]))
    return None
