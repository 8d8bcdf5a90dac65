# loses: d_functions_test
# says: the depthwise step is missing
def ordinary_count(a, b, s):
    return a * b * s**2


def separable_count(a, b, s):
    return a * b
