# loses: c_record_test
# says: takes less memory
v = records['c_batches']['value']
v['memory'] = [[n, v['memory'][0][1]] for n, s in v['memory']]
seal('c_batches')
