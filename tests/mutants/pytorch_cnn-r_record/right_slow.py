records['r_both']['seconds'] = 4000.0
seal('r_both')
