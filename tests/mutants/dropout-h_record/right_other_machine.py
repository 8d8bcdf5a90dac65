# loses:
records['h_adam']['environment'] = {'python': '3.13.0', 'platform': 'macOS-15'}
records['h_adam']['seconds'] = 500.0
seal('h_adam')
