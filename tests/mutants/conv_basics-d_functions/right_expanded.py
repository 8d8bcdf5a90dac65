def ordinary_count(a, b, s):
    return a * b * s * s


def separable_count(a, b, s):
    return a * s * s + a * b
