# loses: c_record_test
# says: cannot be accuracies over 500 images
v = records['c_batches']['value']
v['runs']['16']['accuracy'] = [0.3333, 0.4444, 0.9999]
seal('c_batches')
