# loses: i_record_test
# says: does not look like the losses
records['i_cheating']['value']['with']['losses'] = [2.0] * 11 + [1.0]
seal('i_cheating')
