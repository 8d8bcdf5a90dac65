# loses: b_edges_test
# says: no edge from
edges = [("x", "z"), ("z", "y")]
