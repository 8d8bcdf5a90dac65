edges = [("x", "mu"), ("x", "var"), ("mu","var"), ("x", "z"), ("mu", "z"), ("var", "z"), ("z", "y"), ("gamma", "y"), ("beta", "y"), ("y","L")]
