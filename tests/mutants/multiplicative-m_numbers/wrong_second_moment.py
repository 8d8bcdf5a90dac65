# loses: m_B_test
# says: the mean is counted twice
A = 'mu'
B = 'mu^2 + sigma^2'
