# loses: m_A_test
# says: mu may be negative
A = 'abs(mu)'
B = 'sigma^2'
