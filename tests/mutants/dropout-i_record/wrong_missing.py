# loses: i_record_test
# says: there is no record 'i_cheating'
del records['i_cheating']
