mean_dw = 0
variance_dw = '((n-k+1)*sigma_x*sigma_g)^2'
growth = 2.0
