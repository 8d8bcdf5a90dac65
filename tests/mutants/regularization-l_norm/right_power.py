column_norm = '(p/(1-p))^0.5'
