# loses: b_needed_test
# says: images_needed
def images_needed(sizes, accuracies, target):
    return float(np.interp(target, accuracies, sizes)) if max(accuracies) >= target else None
