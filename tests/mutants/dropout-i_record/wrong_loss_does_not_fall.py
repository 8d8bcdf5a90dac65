# loses: i_record_test
# says: does not look like the losses
records['i_cheating']['value']['with']['losses'] = [2.3 + 0.001 * k for k in range(12)]
seal('i_cheating')
