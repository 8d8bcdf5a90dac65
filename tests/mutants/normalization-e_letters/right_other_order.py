_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 2, 3)], _letter[(1, 2, 3)]
batch_axes = np.array([3, 2, 0])
layer_axes = {1, 2, 3} and [3, 1, 2]
