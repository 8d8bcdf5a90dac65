# loses: 
def training_bytes(optimizer, n_parameters, itemsize=4):
    size = n_parameters * itemsize
    if optimizer == 'sgd':
        state = 0
    elif optimizer == 'momentum':
        state = size
    elif optimizer == 'adam':
        state = 2 * size
    else:
        raise ValueError('sgd, momentum or adam')
    return dict([('parameters', size), ('gradients', size), ('optimizer state', state)])
