def ordinary_count(channels_in, channels_out, side):
    return np.empty((channels_out, channels_in, side, side)).size


def separable_count(channels_in, channels_out, side):
    return np.empty((channels_in, side, side)).size + np.empty((channels_out, channels_in)).size
