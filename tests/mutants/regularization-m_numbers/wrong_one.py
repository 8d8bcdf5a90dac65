# loses: m_A_test, m_B_test
# says: need not be 1
A = 1
B = 'sigma^2'
