# loses:
def confusion_matrix(labels, predictions, num_classes):
    found = np.zeros((num_classes, num_classes))
    for i in range(num_classes):
        mine = predictions[labels == i]
        for j in range(num_classes):
            found[i, j] = (mine == j).mean() if len(mine) else 0
    return found
