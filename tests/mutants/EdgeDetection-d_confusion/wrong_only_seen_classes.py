# loses: d_confusion_test
# says: has the wrong shape
def confusion_matrix(labels, predictions, num_classes):
    classes = np.unique(labels)
    return [[float(np.mean(np.asarray(predictions)[np.asarray(labels) == i] == j)) for j in classes] for i in classes]
