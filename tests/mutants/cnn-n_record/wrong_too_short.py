# loses: n_record_test
# says: the losses
records['n_many']['value']['loss'] = records['n_many']['value']['loss'][:100]
seal('n_many')
