# loses: 
def training_bytes(optimizer, n_parameters, itemsize=4):
    match optimizer:
        case 'sgd':
            kept = 0
        case 'momentum':
            kept = 1
        case 'adam':
            kept = 2
        case _:
            raise ValueError('no such optimizer')
    one = float(n_parameters * itemsize)
    return {'optimizer state': kept * one, 'gradients': one, 'parameters': one}
