# loses: g_record_test
# says: cannot be accuracies
records['g_dropout']['value']['with'][0]['train'][3] = 0.51234
seal('g_dropout')
