# loses: c_own_test
# says: too many epochs
own = {"num_filters": 3, "kernel_size": 7, "optimizer": "sgd", "lr": 1e-2, "epochs": 2000}
