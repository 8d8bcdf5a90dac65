# loses:
def images_needed(sizes, accuracies, target):
    points = list(zip(sizes, accuracies))
    if points[0][1] >= target:
        return points[0][0]
    for (n0, a0), (n1, a1) in zip(points, points[1:]):
        if a0 < target <= a1:
            return n0 + (n1 - n0) * (target - a0) / (a1 - a0)
