# loses: n_record_test
# says: 960 different batches
records['n_many']['value']['loss'] = [2.3] * 960
seal('n_many')
