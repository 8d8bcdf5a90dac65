mean_after, std_after = np.array([[3]]), [1]
