# loses: b_edges_test
# says: too few edges
edges = [("x", "z"), ("z", "y")]
