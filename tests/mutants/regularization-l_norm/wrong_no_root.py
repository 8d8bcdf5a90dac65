# loses: l_norm_test
# says: the root is missing
column_norm = 'p/(1-p)'
