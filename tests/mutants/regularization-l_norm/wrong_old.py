# loses: l_norm_test
# says: before the weights were changed
column_norm = '1/sqrt(p*(1-p))'
