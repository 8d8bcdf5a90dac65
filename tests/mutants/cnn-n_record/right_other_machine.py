for name in ('n_few', 'n_many'):
    records[name]['environment'] = {'python': '3.12.1', 'platform': 'Darwin arm64', 'device': 'cpu'}
    seal(name)
