ordinary = np.prod((4, 3, 3, 3))
separable = np.array([27 + 12])
