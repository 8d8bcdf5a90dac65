def ordinary_count(channels_in, channels_out, side):
    return np.float64(channels_in * channels_out) * side**2


def separable_count(channels_in, channels_out, side):
    return float(channels_in * side**2) + channels_in * channels_out
