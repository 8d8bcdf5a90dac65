edges = [("x", "mu"), ("x", "xc"), ("mu", "xc"), ("xc", "sq"), ("sq", "var"), ("var", "std"), ("eps", "std"), ("std", "z"), ("xc", "z"), ("z", "gz"), ("gamma", "gz"), ("gz", "y"), ("beta", "y")]
