# loses: c_own_test
# says: wrong entries
own = {"filters": 6, "kernel_size": 7, "optimizer": "adam", "lr": 1e-2, "epochs": 60}
