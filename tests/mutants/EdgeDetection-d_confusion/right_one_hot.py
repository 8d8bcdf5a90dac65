# loses:
def confusion_matrix(labels, predictions, num_classes):
    one = np.eye(num_classes)
    counts = one[np.asarray(labels)].T @ one[np.asarray(predictions)]
    return torch.tensor(counts / (counts.sum(1, keepdims=True) + 1e-12))
