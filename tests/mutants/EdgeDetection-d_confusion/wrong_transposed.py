# loses: d_confusion_test
# says: transposed
def confusion_matrix(labels, predictions, num_classes):
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (np.asarray(predictions), np.asarray(labels)), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
