# loses: i_record_test
# says: names unknown data
records['i_cheating']['data'] = 'mnist'
seal('i_cheating')
