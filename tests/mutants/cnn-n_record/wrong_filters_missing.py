# loses: n_record_test
# says: the filters has the wrong shape
records['n_many']['value']['filters'] = records['n_many']['value']['filters'][:4]
seal('n_many')
