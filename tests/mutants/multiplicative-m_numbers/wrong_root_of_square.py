# loses: m_A_test
# says: mu may be negative
A = 'sqrt(mu^2)'
B = 'sigma^2'
