# loses: d_functions_test
# says: the side is not squared
def ordinary_count(a, b, s):
    return a * b * s**2


def separable_count(a, b, s):
    return a * s + a * b
