# loses: e_letters_test
# says: one channel of one image
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = _letter[(0, 2, 3)], _letter[(2, 3)]
batch_axes, layer_axes = (0, 2, 3), (1, 2, 3)
