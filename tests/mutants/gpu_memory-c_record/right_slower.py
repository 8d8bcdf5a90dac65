# loses: 
v = records['c_batches']['value']
for run in v['runs'].values():
    run['seconds'] = [3 * s for s in run['seconds']]
seal('c_batches')
