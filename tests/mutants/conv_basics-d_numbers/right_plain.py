ordinary, separable = 108, 39
