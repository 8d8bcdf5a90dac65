# loses: e_record_test
# says: different settings
records['e_deep']['settings']['seed'] = 99
seal('e_deep')
