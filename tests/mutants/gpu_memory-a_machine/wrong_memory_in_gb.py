# loses: a_card_test
# says: a card has no memory of 16 bytes
machine = {"gpu": 'Tesla T4', "driver": "550.54", "torch": "2.9.0", "total_bytes": 16, "context_bytes": 182000000}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'Tesla T4'
seal("a_machine")
