# loses:
own = {"num_filters": np.int64(6), "kernel_size": 7, "optimizer": "adam", "lr": np.float32(1e-2), "epochs": np.arange(30, 90, 10)[3]}
