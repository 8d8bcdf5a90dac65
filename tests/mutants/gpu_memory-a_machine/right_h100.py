# loses: 
machine = {"gpu": 'NVIDIA H100 80GB HBM3', "driver": "550.54", "torch": "2.9.0", "total_bytes": 84900000000, "context_bytes": 560000000}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'NVIDIA H100 80GB HBM3'
seal("a_machine")
