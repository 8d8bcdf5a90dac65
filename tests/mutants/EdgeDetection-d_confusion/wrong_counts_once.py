# loses: d_confusion_test
# says: count the pairs
def confusion_matrix(labels, predictions, num_classes):
    counts = np.zeros((num_classes, num_classes))
    counts[np.asarray(labels), np.asarray(predictions)] += 1
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
