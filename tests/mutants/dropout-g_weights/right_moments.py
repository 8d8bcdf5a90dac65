# loses:
def dropout_weights(p):
    q = 1 - p
    moments = np.array([[100 / q, 10], [10, 1 / q]])
    return np.linalg.pinv(moments) @ np.array([110.0, 11.0])
