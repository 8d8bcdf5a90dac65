# loses: b_bytes_test
# says: one copy, not two
def training_bytes(optimizer, n_parameters, itemsize=4):
    copies = {'sgd': 0, 'momentum': 2, 'adam': 2}
    if optimizer not in copies:
        raise ValueError(optimizer)
    size = n_parameters * itemsize
    return {'parameters': size, 'gradients': size, 'optimizer state': copies[optimizer] * size}
