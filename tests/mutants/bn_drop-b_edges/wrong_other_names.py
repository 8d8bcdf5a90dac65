# loses: b_edges_test
# says: does not mention 'var'
edges = [("x", "mu"), ("x", "sigma2"), ("x", "z"), ("mu", "z"), ("sigma2", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y")]
