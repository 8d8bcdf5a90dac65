mean_after, std_after = 3.0, 1.0
