records['g_dropout']['data'] = 'cifar10'
seal('g_dropout')
