# loses: h_record_test
# says: different settings
records['h_adam']['settings']['seed'] = 99
seal('h_adam')
