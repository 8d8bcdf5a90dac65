# loses: d_confusion_test
# says: not finite
def confusion_matrix(labels, predictions, num_classes):
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (np.asarray(labels), np.asarray(predictions)), 1)
    with np.errstate(all="ignore"):
        return counts / counts.sum(axis=1, keepdims=True)
