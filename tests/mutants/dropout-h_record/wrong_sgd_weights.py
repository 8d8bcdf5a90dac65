# loses: h_record_test
# says: these are SGD's weights
records['h_adam']['value']['without'] = [110 / 101, 11 / 101]
seal('h_adam')
