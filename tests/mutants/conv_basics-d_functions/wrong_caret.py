# loses: d_functions_test
# says: is not a power in Python
def ordinary_count(a, b, s):
    return a * b * s ^ 2


def separable_count(a, b, s):
    return a * s ^ 2 + a * b
