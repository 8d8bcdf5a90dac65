# loses: i_record_test
# says: different settings
records['i_cheating']['settings']['seed'] = 99
seal('i_cheating')
