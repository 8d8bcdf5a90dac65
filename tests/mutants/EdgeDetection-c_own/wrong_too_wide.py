# loses: c_own_test
# says: a number of filters that is not allowed
own = {"num_filters": 64, "kernel_size": 7, "optimizer": "adam", "lr": 1e-2, "epochs": 60}
