def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    HH, WW = w.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::stride, ::stride]
    dw, db = np.einsum("nfhw,nchwkl->fckl", dout, windows), np.einsum("nfhw->f", dout)
    pieces = np.einsum("nfhw,fckl->nchwkl", dout, w)
    dpadded = np.zeros(padded.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        dpadded[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW] += pieces[:, :, i, j]
    return dpadded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad], dw, db
