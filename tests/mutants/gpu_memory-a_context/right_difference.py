card_bytes = memory.CARDS[memory.find_card(card)]
context_mb = np.array([card_bytes - memory.usable(card_bytes)]) / 1e6
