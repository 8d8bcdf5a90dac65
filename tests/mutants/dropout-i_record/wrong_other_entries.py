# loses: i_record_test
# says: has other entries
records['i_cheating']['value'] = {'with': records['i_cheating']['value']['with']}
seal('i_cheating')
