# loses: t_score_test
# says: do not reproduce the record on the test images
records['t_network']['value']['test'] = 0.8
seal('t_network')
