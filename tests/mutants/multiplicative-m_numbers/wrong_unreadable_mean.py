# loses: m_A_test
# says: cannot be read
A = 'E[R]'
B = 'sigma^2'
