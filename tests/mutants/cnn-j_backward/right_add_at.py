def max_pool_backward_naive(dout, cache):
    x, height, width, stride = cache
    N, C, OH, OW = dout.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    winner = windows.reshape(N, C, OH, OW, -1).argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, i * stride + winner // width, j * stride + winner % width), dout)
    return dx
