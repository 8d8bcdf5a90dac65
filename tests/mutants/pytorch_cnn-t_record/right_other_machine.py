records['t_network']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
seal('t_network')
