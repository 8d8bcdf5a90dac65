# loses: b_needed_test
# says: do not extrapolate
def images_needed(sizes, accuracies, target):
    for k in range(1, len(sizes)):
        if accuracies[k] >= target:
            break
    share = (target - accuracies[k - 1]) / (accuracies[k] - accuracies[k - 1])
    return sizes[k - 1] + share * (sizes[k] - sizes[k - 1])
