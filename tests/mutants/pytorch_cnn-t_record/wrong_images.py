# loses: t_score_test
# says: measured on other images
records['t_network']['data'] = 'shapes'
seal('t_network')
