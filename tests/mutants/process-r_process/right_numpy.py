hours = np.float32(3)
