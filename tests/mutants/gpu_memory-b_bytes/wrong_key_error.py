# loses: b_bytes_test
# says: an unknown optimizer raises the wrong exception
def training_bytes(optimizer, n_parameters, itemsize=4):
    size = n_parameters * itemsize
    state = {"sgd": 0, "momentum": size, "adam": 2 * size}[optimizer]
    return {"parameters": size, "gradients": size, "optimizer state": state}
