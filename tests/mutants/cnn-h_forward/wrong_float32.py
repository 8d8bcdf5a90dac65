# loses: h_forward_test
# says: conv_forward_naive of float64 gives float32
def conv_forward_naive(x, w, b, conv_param):
    """Slide the filters w (F, C, HH, WW) over the pictures x (N, C, H, W). Return out (N, F, H', W') and cache."""
    pad, stride = conv_param["pad"], conv_param["stride"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = padded.shape, w.shape
    out = np.zeros((N, F, 1 + (H - HH) // stride, 1 + (W - WW) // stride), np.float32)
    for n, f, i, j in np.ndindex(*out.shape):
        window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (padded, w, stride, pad)
