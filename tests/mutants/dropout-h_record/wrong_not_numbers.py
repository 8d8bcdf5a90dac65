# loses: h_record_test
# says: not consist of numbers only
records['h_adam']['value']['with'] = ['a', 'b']
seal('h_adam')
