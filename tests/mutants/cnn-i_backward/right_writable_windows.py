def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    dpadded = np.zeros(padded.shape)
    near = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    view = np.lib.stride_tricks.sliding_window_view(dpadded, w.shape[2:], axis=(2, 3), writeable=True)[:, :, ::stride, ::stride]
    for i, j in np.ndindex(*dout.shape[2:]):
        view[:, :, i, j] += np.tensordot(dout[:, :, i, j], w, axes=1)
    dw = np.tensordot(dout, near, axes=((0, 2, 3), (0, 2, 3)))
    return dpadded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad], dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)
