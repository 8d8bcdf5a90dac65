# loses: t_score_test
# says: breaks the rule on steps
records['t_network']['value']['steps'] = 100
seal('t_network')
