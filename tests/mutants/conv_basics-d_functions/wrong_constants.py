# loses: d_functions_test
# says: is not right
def ordinary_count(a, b, s):
    return 108


def separable_count(a, b, s):
    return 39
