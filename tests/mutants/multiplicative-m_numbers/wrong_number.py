# loses: m_B_test
# says: must be the average
A = 'mu'
B = 0.5
