# loses:
own = {"epochs": 150, "lr": 0.01, "optimizer": "sgd", "kernel_size": 7, "num_filters": 6}
