# loses:
records['i_cheating']['value']['without'].update(clean=0.534, cheating=0.878)
records['i_cheating']['value']['with'].update(clean=0.426, cheating=0.571)
seal('i_cheating')
