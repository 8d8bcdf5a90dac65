# loses: m_A_test
# says: need not be 1
A = 1
B = 'sigma^2'
