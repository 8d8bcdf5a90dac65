records['t_network']['value']['test'] += 3 / 3000
seal('t_network')
