# loses: e_record_test
# says: cannot be accuracies
records['e_deep']['value']['with']['train'][3] = 0.51234
seal('e_deep')
