def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = padded.shape, w.shape
    OH, OW = 1 + (H - HH) // stride, 1 + (W - WW) // stride
    spots = [(i * stride, j * stride) for i in range(OH) for j in range(OW)]
    columns = np.stack([padded[:, :, i : i + HH, j : j + WW].reshape(N, -1) for i, j in spots])
    out = columns @ w.reshape(F, -1).T + b
    return out.transpose(1, 2, 0).reshape(N, F, OH, OW), (padded, w, stride, pad)
