records['r_both']['value']['with']['test'] -= 1 / 3000
seal('r_both')
