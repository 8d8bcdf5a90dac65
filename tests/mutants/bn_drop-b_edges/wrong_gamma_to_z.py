# loses: b_edges_test
# says: no edge from gamma to y
edges = [("x", "mu"), ("x", "var"), ("mu", "var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y"), ("beta", "y")]
edges += [("gamma", "z")]
