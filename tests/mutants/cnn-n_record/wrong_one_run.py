# loses: n_record_test
# says: does not hold three runs
records['n_few']['value'] = records['n_few']['value'][:1]
seal('n_few')
