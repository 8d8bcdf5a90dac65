# loses: t_score_test
# says: belongs to another network than the record
records['t_network']['value']['parameters'] = 100000
seal('t_network')
