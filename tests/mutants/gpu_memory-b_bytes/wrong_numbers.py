# loses: b_bytes_test
# says: numbers are counted, not bytes
def training_bytes(optimizer, n_parameters, itemsize=4):
    copies = {'sgd': 0, 'momentum': 1, 'adam': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    size = n_parameters
    return {'parameters': size, 'gradients': size, 'optimizer state': copies[optimizer] * size}
