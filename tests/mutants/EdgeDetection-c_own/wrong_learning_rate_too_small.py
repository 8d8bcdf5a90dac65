# loses: c_own_test
# says: do not hold on other seeds
own = {"num_filters": 6, "kernel_size": 7, "optimizer": "adam", "lr": 1e-5, "epochs": 20}
