# loses: b_record_test
# says: one was measured on 'Tesla T4'
v = records['b_optimizers']['value']
m = {'gpu': 'Tesla T4', 'driver': '550', 'torch': '2.9', 'total_bytes': 15_835_660_288, 'context_bytes': 182_000_000}
for name in ('b_optimizers',):
    records[name]['environment']['device'] = 'Tesla T4'
v['machine'] = m
seal('a_machine')

seal('b_optimizers')
