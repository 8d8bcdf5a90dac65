def conv_backward_naive(dout, cache):
    """Gradients of the convolution: dx (N, C, H, W), dw (F, C, HH, WW), db (F,)."""
    padded, w, stride, pad = cache
    HH, WW = w.shape[2:]
    dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), dout.sum(axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(*dout.shape):
        rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
        dw[f] += dout[n, f, i, j] * padded[n, :, rows, columns]
        dpadded[n, :, rows, columns] += dout[n, f, i, j] * w[f]
    inside = dpadded[:, :, pad : padded.shape[2] - pad, pad : padded.shape[3] - pad]
    return [inside.copy(), dw, db]
