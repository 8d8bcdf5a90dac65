# loses: e_letters_test
# says: is not one of the letters
_letter = {groups[k]: letter for letter, k in zip('ABCD', dealt)}
batch_norm, layer_norm = 'E', _letter[(1, 2, 3)]
batch_axes, layer_axes = (0, 2, 3), (1, 2, 3)
