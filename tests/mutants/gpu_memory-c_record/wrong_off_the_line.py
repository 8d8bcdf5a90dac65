# loses: c_record_test
# says: does not rise along a line
v = records['c_batches']['value']
v['memory'][2][1] *= 2
seal('c_batches')
