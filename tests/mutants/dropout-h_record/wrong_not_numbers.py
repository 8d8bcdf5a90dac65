# loses: h_record_test
# says: not made of numbers
records['h_adam']['value']['with'] = ['a', 'b']
seal('h_adam')
