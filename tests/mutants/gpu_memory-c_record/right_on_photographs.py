# loses: 
records['c_batches']['data'] = 'cifar10'
seal('c_batches')
