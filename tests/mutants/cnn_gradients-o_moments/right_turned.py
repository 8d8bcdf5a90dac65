mean_dw = '0'
variance_dw = '(k - n - 1)^2*(sigma_g*sigma_x)^2'
growth = 2
