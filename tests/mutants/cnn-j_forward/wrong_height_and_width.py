# loses: j_forward_test
# says: wrong shape
def max_pool_forward_naive(x, pool_param):
    """Keep the largest number of each window of x (N, C, H, W). Return out (N, C, H', W') and cache."""
    height, width, stride = pool_param["pool_width"], pool_param["pool_height"], pool_param["stride"]
    rows, columns = x.shape[2:]
    out = np.zeros((*x.shape[:2], 1 + (rows - height) // stride, 1 + (columns - width) // stride), x.dtype)
    for i, j in np.ndindex(*out.shape[2:]):
        window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, height, width, stride)
