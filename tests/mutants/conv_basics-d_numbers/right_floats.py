ordinary = 108.0
separable = np.float32(39)
