# loses: n_record_test
# says: was changed after it was written
records['n_many']['value']['val'][-1] = 0.9
