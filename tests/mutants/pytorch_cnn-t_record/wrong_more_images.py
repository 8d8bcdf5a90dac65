# loses: t_score_test
# says: another number of images
records['t_network']['value']['n_train'] = 49000
seal('t_network')
