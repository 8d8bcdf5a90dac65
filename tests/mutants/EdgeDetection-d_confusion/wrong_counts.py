# loses: d_confusion_test
# says: every row of the confusion matrix must sum to 1
def confusion_matrix(labels, predictions, num_classes):
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (np.asarray(labels), np.asarray(predictions)), 1)
    return counts
