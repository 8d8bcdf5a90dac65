# loses: a_card_test
# says: choose a card of the list
card = 'Intel Core i5'
