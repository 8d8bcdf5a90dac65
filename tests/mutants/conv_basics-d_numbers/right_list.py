ordinary = 108
separable = [39]
