A = 'mu'
B = 'sigma**2'
