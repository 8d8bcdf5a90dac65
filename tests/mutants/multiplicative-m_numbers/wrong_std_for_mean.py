# loses: m_A_test
# says: that is its standard deviation
A = 'sigma'
B = 'sigma^2'
