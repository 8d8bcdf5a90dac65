# loses: b_edges_test
# says: the entry ('z', 'y', 'times')
edges = [("x", "mu"), ("x", "var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y", "times"), ("gamma", "y"), ("beta", "y")]
