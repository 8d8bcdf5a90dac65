# loses: c_record_test
# says: lacks a batch size
v = records['c_batches']['value']
del v['runs']['4']
seal('c_batches')
