# loses: a_card_test, a_context_test
# says: there is no record 'a_machine'
del records["a_machine"]
