# loses:
def dropout_weights(p):
    penalty = p / (1 - p) * np.diag([100.0, 1.0])
    x = np.array([[10.0, 1.0]])
    return np.linalg.lstsq(x.T @ x + penalty, x.T @ [11.0], rcond=None)[0]
