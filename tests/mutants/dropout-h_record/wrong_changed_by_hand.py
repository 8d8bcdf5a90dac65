# loses: h_record_test
# says: was changed after it was written
records['h_adam']['value']['with'] = [0.37, 3.67]
