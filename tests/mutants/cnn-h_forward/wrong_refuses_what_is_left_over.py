# loses: h_forward_test
# says: fills no window
def conv_forward_naive(x, w, b, conv_param):
    pad, stride = conv_param["pad"], conv_param["stride"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = xp.shape, w.shape
    assert (H - HH) % stride == 0 and (W - WW) % stride == 0, "invalid size"
    out = np.zeros((N, F, (H - HH) // stride + 1, (W - WW) // stride + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = xp[:, None, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = (window * w).sum(axis=(2, 3, 4)) + b
    return out, (xp, w, stride, pad)
