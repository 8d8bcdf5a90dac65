# loses: r_record_test
# says: the wrong number of images
records['r_both']['value']['with']['n_train'] = 20000
seal('r_both')
