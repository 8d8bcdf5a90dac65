# loses: b_needed_test
# says: images_needed exactly at a point
def images_needed(sizes, accuracies, target):
    if accuracies[0] >= target:
        return sizes[0]
    for k in range(1, len(sizes)):
        if accuracies[k] > target > accuracies[k - 1]:
            return sizes[k - 1] + (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1]) * (sizes[k] - sizes[k - 1])
