A = 'mu * 1'
B = 'sigma * sigma'
