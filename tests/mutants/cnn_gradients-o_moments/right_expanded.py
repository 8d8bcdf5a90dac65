mean_dw = 'sigma_x - sigma_x'
variance_dw = 'sigma_x**2*sigma_g**2*(n**2 - 2*n*k + k**2 + 2*n - 2*k + 1)'
growth = np.array(2)
