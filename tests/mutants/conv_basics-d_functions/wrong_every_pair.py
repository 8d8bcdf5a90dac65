# loses: d_functions_test
# says: not for each pair
def ordinary_count(a, b, s):
    return a * b * s**2


def separable_count(a, b, s):
    return a * b * s**2 + a * b
