_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 2, 3)], _letter[(1, 2, 3)]
batch_axes = (0, -2, -1)
layer_axes = (-3, -2, -1)
