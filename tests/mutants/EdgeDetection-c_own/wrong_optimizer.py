# loses: c_own_test
# says: unknown optimizer
own = {"num_filters": 6, "kernel_size": 7, "optimizer": "rmsprop", "lr": 1e-2, "epochs": 60}
