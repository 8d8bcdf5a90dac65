# loses: m_A_test, m_B_test
# says: variances add up
A = 1
B = 'sigma'
