def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, _, HH, WW) = padded.shape, w.shape
    OH, OW = 1 + (H - HH) // stride, 1 + (W - WW) // stride
    out = np.zeros((N, F, OH, OW), np.result_type(x, w, b))
    out += b[:, None, None]
    for k, q in np.ndindex(HH, WW):
        shifted = padded[:, :, k : k + stride * OH : stride, q : q + stride * OW : stride]
        out += np.tensordot(w[:, :, k, q], shifted, axes=(1, 1)).swapaxes(0, 1)
    return out, (padded, w, stride, pad)
