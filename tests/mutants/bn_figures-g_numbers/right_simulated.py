x = np.random.default_rng(9).normal(-2, 3, 1000)
x = (x - x.mean()) / x.std() + 3
mean_after, std_after = x.mean(), x.std()
