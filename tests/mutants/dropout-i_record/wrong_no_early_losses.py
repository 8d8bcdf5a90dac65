# loses: i_record_test
# says: a run in the record 'i_cheating' has the wrong entries
del records['i_cheating']['value']['with']['early']
seal('i_cheating')
