# loses: h_record_test
# says: other settings
records['h_adam']['settings']['seed'] = 99
seal('h_adam')
