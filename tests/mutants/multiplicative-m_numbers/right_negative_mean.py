A = 'mu^3 / mu^2'
B = 'sigma^2 * mu / mu'
