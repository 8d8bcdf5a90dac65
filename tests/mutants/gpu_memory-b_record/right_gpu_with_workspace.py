# loses: 
v = records['b_optimizers']['value']
m = {'gpu': 'Tesla T4', 'driver': '550', 'torch': '2.9', 'total_bytes': 15_835_660_288, 'context_bytes': 182_000_000}
for name in ('a_machine', 'b_optimizers'):
    records[name]['environment']['device'] = 'Tesla T4'
records['a_machine']['value'] = m
v['machine'] = m
seal('a_machine')
v['peaks'] = {'sgd': 1740587136, 'momentum': 1978803840, 'adam': 2215856768}
v['ends'] = {'sgd': 480921600, 'momentum': 719923200, 'adam': 957397504}
seal('b_optimizers')
