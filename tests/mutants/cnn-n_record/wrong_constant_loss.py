# loses: n_record_test
# says: 320 different batches
records['n_many']['value']['loss'] = [2.3] * 320
seal('n_many')
