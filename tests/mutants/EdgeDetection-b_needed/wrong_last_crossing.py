# loses: b_needed_test
# says: images_needed
def images_needed(sizes, accuracies, target):
    found = sizes[0] if accuracies[0] >= target else None
    for k in range(1, len(sizes)):
        if accuracies[k - 1] < target <= accuracies[k]:
            found = sizes[k - 1] + (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1]) * (sizes[k] - sizes[k - 1])
    return found
