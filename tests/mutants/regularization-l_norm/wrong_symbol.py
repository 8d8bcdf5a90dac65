# loses: l_norm_test
# says: unknown symbol
column_norm = 'sqrt(q)'
