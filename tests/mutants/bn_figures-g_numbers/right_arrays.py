mean_after = np.array([3])
std_after = np.sqrt(1)
