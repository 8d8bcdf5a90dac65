# loses: a_card_test
# says: not a name
card = ''
