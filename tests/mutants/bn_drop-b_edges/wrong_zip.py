# loses: b_edges_test
# says: read only once
edges = zip(["x", "x", "x", "mu", "var", "z", "gamma", "beta"], ["mu", "var", "z", "z", "z", "y", "y", "y"])
