# loses: b_edges_test
# says: no edge from x to z
edges = [("x", "mu"), ("x", "var"), ("mu", "var"), ("mu", "z"), ("var", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y")]
edges += [("x", "y")]
