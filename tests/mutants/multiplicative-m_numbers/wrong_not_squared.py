# loses: m_B_test
# says: variances add up
A = 'mu'
B = 'sigma'
