# loses: b_needed_test
# says: half of the way up
def images_needed(sizes, accuracies, target):
    return next((float(n) for n, a in zip(sizes, accuracies) if a >= target), None)
