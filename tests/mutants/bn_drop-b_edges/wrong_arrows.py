# loses: b_edges_test
# says: the entry 'x->mu'
edges = ["x->mu", "x->var", "x->z", "mu->z", "var->z", "z->y", "gamma->y", "beta->y"]
