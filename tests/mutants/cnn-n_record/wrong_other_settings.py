# loses: n_record_test
# says: different settings
records['n_many']['settings']['epochs'] = 60
seal('n_many')
