# loses: b_bytes_test
# says: an unknown optimizer is accepted
def training_bytes(optimizer, n_parameters, itemsize=4):
    copies = {'sgd': 0, 'momentum': 1, 'adam': 2}.get(optimizer, 0)
    size = n_parameters * itemsize
    return {'parameters': size, 'gradients': size, 'optimizer state': copies * size}
