# loses:
def confusion_matrix(labels, predictions, num_classes):
    rows = []
    for i in range(num_classes):
        mine = [int(p) for y, p in zip(labels, predictions) if y == i]
        rows.append([mine.count(j) / max(len(mine), 1) for j in range(num_classes)])
    return rows
