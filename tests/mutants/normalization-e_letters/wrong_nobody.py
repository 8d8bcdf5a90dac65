# loses: e_letters_test
# says: which nobody does
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 1)], _letter[(1, 2, 3)]
batch_axes, layer_axes = (0, 2, 3), (1, 2, 3)
