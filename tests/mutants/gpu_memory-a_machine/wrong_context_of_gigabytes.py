# loses: a_card_test
# says: a person should look
machine = {"gpu": 'Tesla T4', "driver": "550.54", "torch": "2.9.0", "total_bytes": 15835660288, "context_bytes": 4000000000}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'Tesla T4'
seal("a_machine")
