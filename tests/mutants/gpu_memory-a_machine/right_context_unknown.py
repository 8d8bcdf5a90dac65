# loses: 
machine = {"gpu": 'Tesla T4', "driver": "550.54", "torch": "2.9.0", "total_bytes": 15835660288, "context_bytes": None}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'Tesla T4'
seal("a_machine")
