# loses: t_score_test
# says: different settings
records['t_network']['settings']['epochs'] = 3
seal('t_network')
