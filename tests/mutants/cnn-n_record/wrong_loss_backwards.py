# loses: n_record_test
# says: the first loss
records['n_many']['value']['loss'].reverse()
seal('n_many')
