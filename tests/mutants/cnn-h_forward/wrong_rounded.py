# loses: h_forward_test
# says: is rounded
def conv_forward_naive(x, w, b, conv_param):
    pad, stride = conv_param["pad"], conv_param["stride"]
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    rows, columns = round((H + 2 * pad - HH) / stride + 1), round((W + 2 * pad - WW) / stride + 1)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad + stride), (pad, pad + stride)))
    out = np.zeros((N, F, rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = xp[:, None, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = (window * w).sum(axis=(2, 3, 4)) + b
    return out, (xp[:, :, : H + 2 * pad, : W + 2 * pad], w, stride, pad)
