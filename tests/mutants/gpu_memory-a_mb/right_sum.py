# loses: 
resnet152_mb = sum(4 * int(np.prod(r['shape'])) for r in resnet152 if r['kind'] == 'parameter') / 1e6
