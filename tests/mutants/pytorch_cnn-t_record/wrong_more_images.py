# loses: t_score_test
# says: the wrong number of images
records['t_network']['value']['n_train'] = 49000
seal('t_network')
