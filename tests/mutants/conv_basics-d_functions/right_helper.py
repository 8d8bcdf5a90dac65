def count(*sides):
    return int(np.prod(sides))


def ordinary_count(channels_in, channels_out, side):
    return count(channels_in, channels_out, side, side)


def separable_count(channels_in, channels_out, side):
    return count(channels_in, side, side) + count(channels_in, channels_out)
