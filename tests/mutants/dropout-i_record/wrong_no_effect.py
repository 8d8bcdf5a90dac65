# loses: i_record_test
records['i_cheating']['value']['with'].update(clean=0.3, cheating=0.89)
records['i_cheating']['value']['without'].update(clean=0.45, cheating=0.99)
seal('i_cheating')
