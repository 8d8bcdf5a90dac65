# loses: i_record_test
# says: cannot be accuracies
records['i_cheating']['value']['with']['clean'] = 0.51234
seal('i_cheating')
