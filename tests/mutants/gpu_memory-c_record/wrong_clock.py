# loses: c_record_test
# says: does not go forward
v = records['c_batches']['value']
v['runs']['64']['seconds'] = v['runs']['64']['seconds'][::-1]
seal('c_batches')
