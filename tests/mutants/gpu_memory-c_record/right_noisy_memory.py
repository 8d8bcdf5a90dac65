# loses: 
v = records['c_batches']['value']
v['memory'] = [[n, int(s * 1.01)] if n == 64 else [n, s] for n, s in v['memory']]
seal('c_batches')
