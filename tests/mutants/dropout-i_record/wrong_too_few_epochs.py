# loses: i_record_test
# says: has the wrong size
records['i_cheating']['value']['without']['losses'] = records['i_cheating']['value']['without']['losses'][:6]
seal('i_cheating')
