# loses: t_score_test
# says: there is no record 't_network'
del records['t_network']
