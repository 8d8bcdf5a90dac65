# loses: c_own_test
# says: do not hold on other seeds
own = {"num_filters": 3, "kernel_size": 7, "optimizer": "sgd", "lr": 1e-2, "epochs": 30}
