# loses: c_record_test
# says: takes less memory
v = records['c_batches']['value']
v['memory'][2][1] = v['memory'][0][1]
seal('c_batches')
