# loses: a_card_test
# says: there is no record 'a_machine'
del records["a_machine"]
