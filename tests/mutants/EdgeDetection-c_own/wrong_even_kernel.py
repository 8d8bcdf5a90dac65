# loses: c_own_test
# says: a kernel size that is not allowed
own = {"num_filters": 6, "kernel_size": 4, "optimizer": "adam", "lr": 1e-2, "epochs": 60}
