# loses: b_edges_test
# says: an edge from beta to z
edges = [("x", "mu"), ("x", "var"), ("mu", "var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y")]
edges += [("beta", "z")]
