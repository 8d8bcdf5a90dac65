# loses: l_norm_test
# says: not of length 1
column_norm = '1'
