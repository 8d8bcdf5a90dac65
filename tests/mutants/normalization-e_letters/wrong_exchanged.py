# loses: e_letters_test, e_axes_test
# says: you swapped the two
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
layer_norm, batch_norm = _letter[(0, 2, 3)], _letter[(1, 2, 3)]
batch_axes = (1, 2, 3)
layer_axes = (0, 2, 3)
