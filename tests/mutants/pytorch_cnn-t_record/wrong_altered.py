# loses: t_score_test
# says: was changed after it was written
records['t_network']['value']['test'] = 0.9
