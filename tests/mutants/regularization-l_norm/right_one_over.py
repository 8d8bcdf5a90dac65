column_norm = '1 / sqrt(1/p - 1)'
