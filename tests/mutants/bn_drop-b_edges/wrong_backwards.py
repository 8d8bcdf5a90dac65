# loses: b_edges_test
# says: the wrong way round
edges = [(b, a) for a, b in [('x','mu'),('x','var'),('x','z'),('mu','z'),('var','z'),('z','y'),('gamma','y'),('beta','y')]]
