edges = [list(edge) for edge in (('x','mu'),('x','var'),('x','z'),('mu','z'),('var','z'),('z','y'),('gamma','y'),('beta','y'))]
