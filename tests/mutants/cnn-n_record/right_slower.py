records['n_many']['seconds'] = 300.0
seal('n_many')
