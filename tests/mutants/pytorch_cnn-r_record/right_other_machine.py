records['r_both']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
seal('r_both')
