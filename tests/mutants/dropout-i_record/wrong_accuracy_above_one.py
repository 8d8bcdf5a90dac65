# loses: i_record_test
# says: cannot be accuracies
records['i_cheating']['value']['with']['clean'] = 1.2
seal('i_cheating')
