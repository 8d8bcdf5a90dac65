# loses: h_record_test
# says: has other entries
records['h_adam']['value'] = {'with': records['h_adam']['value']['with']}
seal('h_adam')
