# loses:
records['i_cheating']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
records['i_cheating']['seconds'] = 500.0
seal('i_cheating')
