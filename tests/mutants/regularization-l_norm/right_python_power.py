column_norm = 'p**0.5 * (1 - p)**(-1/2)'
