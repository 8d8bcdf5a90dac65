# loses: m_B_test
# says: does not depend on its mean
A = 'mu'
B = 'mu*sigma'
