# loses: c_record_test
# says: cannot be accuracies over 1024 images
v = records['c_batches']['value']
v['runs']['64']['train_accuracy'] = [0.1, 0.2, 0.3]
seal('c_batches')
