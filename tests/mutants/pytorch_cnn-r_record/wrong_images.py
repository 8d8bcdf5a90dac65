# loses: r_record_test
# says: measured on other images
records['r_both']['data'] = 'cifar10'
seal('r_both')
