# loses: b_edges_test
# says: no edge from x to mu
edges = [("x", "var"), ("mu", "var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y")]
edges += [("beta", "mu")]
