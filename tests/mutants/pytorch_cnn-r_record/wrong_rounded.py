# loses: r_record_test
# says: cannot be accuracies
records['r_both']['value']['plain']['test'] = 0.43217
seal('r_both')
