records['e_deep']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
seal('e_deep')
