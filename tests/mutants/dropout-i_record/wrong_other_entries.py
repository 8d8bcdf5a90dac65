# loses: i_record_test
# says: has the wrong entries
records['i_cheating']['value'] = {'with': records['i_cheating']['value']['with']}
seal('i_cheating')
