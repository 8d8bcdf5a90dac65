# loses: r_record_test
# says: the wrong number of steps
records['r_both']['value']['plain']['steps'] += 200
seal('r_both')
