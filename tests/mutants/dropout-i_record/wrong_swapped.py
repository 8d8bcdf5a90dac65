# loses: i_record_test
records['i_cheating']['value'].update({'with': records['i_cheating']['value']['without'], 'without': records['i_cheating']['value']['with']})
seal('i_cheating')
