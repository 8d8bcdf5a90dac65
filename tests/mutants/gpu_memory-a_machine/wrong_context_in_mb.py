# loses: a_card_test
# says: a CUDA context takes 100 to 1500 MB
machine = {"gpu": 'Tesla T4', "driver": "550.54", "torch": "2.9.0", "total_bytes": 15835660288, "context_bytes": 182}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'Tesla T4'
seal("a_machine")
