# loses: b_bytes_test
# says: itemsize is not used
def training_bytes(optimizer, n_parameters, itemsize=4):
    copies = {'sgd': 0, 'momentum': 1, 'adam': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    size = n_parameters * 4
    return {'parameters': size, 'gradients': size, 'optimizer state': copies[optimizer] * size}
