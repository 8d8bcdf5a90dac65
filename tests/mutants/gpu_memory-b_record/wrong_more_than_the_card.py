# loses: b_record_test
# says: do not fit on a card
v = records['b_optimizers']['value']
m = {'gpu': 'Tesla T4', 'driver': '550', 'torch': '2.9', 'total_bytes': 15_835_660_288, 'context_bytes': 182_000_000}
for name in ('a_machine', 'b_optimizers'):
    records[name]['environment']['device'] = 'Tesla T4'
records['a_machine']['value'] = m
v['machine'] = m
seal('a_machine')
v['peaks'] = {'sgd': 17_065_871_360, 'momentum': 17_298_528_552, 'adam': 17_531_185_744}
seal('b_optimizers')
