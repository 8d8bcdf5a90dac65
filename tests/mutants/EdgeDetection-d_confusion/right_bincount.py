# loses:
def confusion_matrix(labels, predictions, num_classes):
    flat = np.bincount(num_classes * np.asarray(labels) + np.asarray(predictions), minlength=num_classes**2)
    counts = flat.reshape(num_classes, num_classes).astype(float)
    sums = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, sums, out=np.zeros_like(counts), where=sums > 0)
