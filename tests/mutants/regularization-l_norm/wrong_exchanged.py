# loses: l_norm_test
# says: are exchanged
column_norm = 'sqrt((1-p)/p)'
