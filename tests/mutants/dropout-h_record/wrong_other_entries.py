# loses: h_record_test
# says: has the wrong entries
records['h_adam']['value'] = {'with': records['h_adam']['value']['with']}
seal('h_adam')
