# loses: a_card_test
# says: none of the list
card = 'T4, H100'
