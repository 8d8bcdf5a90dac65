A = 'μ'
B = '(mu^2 + σ^2) - mu*mu'
