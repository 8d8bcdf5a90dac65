# loses: e_axes_test
# says: counted from 0
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 2, 3)], _letter[(1, 2, 3)]
batch_axes, layer_axes = (0.4, 2.7, 3), (1, 2, 3)
