# loses: t_score_test
# says: other settings
records['t_network']['settings']['epochs'] = 3
seal('t_network')
