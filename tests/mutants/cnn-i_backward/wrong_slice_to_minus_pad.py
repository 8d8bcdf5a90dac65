# loses: i_backward_test
# says: with pad = 0 the slice
# seen: before hand-in
def conv_backward_naive(dout, cache):
    xp, w, s, p = cache
    N, F, Ho, Wo = dout.shape
    _, C, HH, WW = w.shape
    dw = np.zeros_like(w); dxp = np.zeros_like(xp)
    for i in range(Ho):
        for j in range(Wo):
            dw += np.einsum('nf,nckl->fckl', dout[:, :, i, j], xp[:, :, i*s:i*s+HH, j*s:j*s+WW])
            dxp[:, :, i*s:i*s+HH, j*s:j*s+WW] += np.einsum('nf,fckl->nckl', dout[:, :, i, j], w)
    return dxp[:, :, p:-p, p:-p], dw, dout.sum((0, 2, 3))
