plain_after = [[1.0, 0.0], [0.0, 1.0]]
S = np.array([[4, 1.6], [1.6, 1]])
d = np.diag(S) ** -0.5
tilted_after = S * d * d[:, None]
