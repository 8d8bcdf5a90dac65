# loses: 
def training_bytes(optimizer, n_parameters, itemsize=4):
    names = ['sgd', 'momentum', 'adam']
    k = names.index(optimizer)
    sizes = np.array([1, 1, k]) * n_parameters * itemsize
    return dict(zip(('parameters', 'gradients', 'optimizer state'), sizes))
