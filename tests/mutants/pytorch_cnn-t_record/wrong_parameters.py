# loses: t_score_test
# says: belong to different networks
records['t_network']['value']['parameters'] = 100000
seal('t_network')
