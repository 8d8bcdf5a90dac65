records['g_dropout']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
seal('g_dropout')
