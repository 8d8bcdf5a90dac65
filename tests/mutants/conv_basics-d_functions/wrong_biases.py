# loses: d_functions_test
# says: the biases are counted
def ordinary_count(a, b, s):
    return a * b * s**2 + b


def separable_count(a, b, s):
    return a * s**2 + a * b
