# loses: m_A_test, m_B_test
# says: that is its standard deviation
A = 'sigma'
B = 'sigma^2'
