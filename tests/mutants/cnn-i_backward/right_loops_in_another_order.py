def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    N, F, OH, OW = dout.shape
    _, C, HH, WW = w.shape
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros(F)
    for f in range(F):
        db[f] = dout[:, f].sum()
        for c in range(C):
            for k in range(HH):
                for q in range(WW):
                    seen = np.s_[:, c, k : k + stride * OH : stride, q : q + stride * OW : stride]
                    dw[f, c, k, q] = (dout[:, f] * padded[seen]).sum()
                    dpadded[seen] += dout[:, f] * w[f, c, k, q]
    return dpadded[:, :, pad : padded.shape[2] - pad or None, pad : padded.shape[3] - pad or None], dw, db
