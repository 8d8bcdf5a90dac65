# loses: i_record_test
# says: was changed after it was written
records['i_cheating']['value']['with'] = {'clean': 0.5, 'cheating': 0.51, 'losses': [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]}
