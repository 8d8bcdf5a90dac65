# loses: a_card_test
# says: it names the GPU 'NVIDIA H100 80GB HBM3', and was written on 'Tesla T4'
machine = {"gpu": 'NVIDIA H100 80GB HBM3', "driver": "550.54", "torch": "2.9.0", "total_bytes": 84900000000, "context_bytes": 560000000}
records["a_machine"]["value"] = machine
records["a_machine"]["environment"]["device"] = 'Tesla T4'
seal("a_machine")
