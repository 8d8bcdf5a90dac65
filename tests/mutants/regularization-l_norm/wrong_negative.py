# loses: l_norm_test
# says: a norm is positive
column_norm = '-sqrt(p/(1-p))'
