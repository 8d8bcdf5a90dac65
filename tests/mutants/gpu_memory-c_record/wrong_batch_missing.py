# loses: c_record_test
# says: lacks batch sizes
v = records['c_batches']['value']
v['memory'] = v['memory'][:2]
seal('c_batches')
