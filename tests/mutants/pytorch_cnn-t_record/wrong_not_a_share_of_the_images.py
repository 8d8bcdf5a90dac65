# loses: t_score_test
# says: cannot be accuracies
records['t_network']['value']['test'] = 0.71234
seal('t_network')
