edges = [("x", "mu"), ("x", "c"), ("mu", "c"), ("c", "sq"), ("sq", "var"), ("var", "std"), ("std", "z"), ("c", "z"), ("z", "gz"), ("gamma", "gz")]
edges += [("gz", "y"), ("beta", "y")]
