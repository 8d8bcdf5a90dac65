# loses:
records['h_adam']['value']['with'] = [0.361, 3.681]
records['h_adam']['value']['without'] = [1.0, 0.9999]
seal('h_adam')
