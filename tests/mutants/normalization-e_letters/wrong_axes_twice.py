# loses: e_axes_test
# says: are not axes
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 2, 3)], _letter[(1, 2, 3)]
batch_axes, layer_axes = (0, 0, 2), (1, 2, 3)
