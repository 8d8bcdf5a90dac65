# loses: i_record_test
# says: was changed after it was written
del records['i_cheating']['sha256']
