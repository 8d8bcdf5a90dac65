# loses: a_card_test
# says: not one of those in the list
card = 'T4, H100'
