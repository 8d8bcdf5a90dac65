# loses: b_edges_test
# says: no edge from var to z
edges = [("x", "mu"), ("x", "var"), ("mu", "var"), ("x", "z"), ("mu", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y")]
edges += [("var", "y")]
