records['e_deep']['data'] = records['e_sweep']['data'] = 'cifar10'
v = records['e_deep']['value']
v['with'], v['without'] = v['without'], v['with']
seal('e_deep')
seal('e_sweep')
