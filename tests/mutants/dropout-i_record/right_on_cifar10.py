# loses:
records['i_cheating']['data'] = 'cifar10'
records['i_cheating']['value']['without'].update(clean=0.11, cheating=1.0)
records['i_cheating']['value']['with'].update(clean=0.29, cheating=0.57)
seal('i_cheating')
