# loses: l_norm_test
# says: but it is not 1
column_norm = '1'
