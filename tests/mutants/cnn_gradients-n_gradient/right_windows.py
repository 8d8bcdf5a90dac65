def filter_gradient(X, dY, k):
    return np.einsum('hvij,ij->hv', np.lib.stride_tricks.sliding_window_view(X, dY.shape), dY)


def descent_step(w, dw, eta):
    return w - eta * dw
