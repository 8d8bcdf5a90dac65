# loses: b_edges_test
# says: not a list of edges
edges = "x -> mu -> z -> y, gamma, beta"
