# loses: a_config_test
# says: the wrong order
def domain_config(kind, n):
    config = {"data_per_class": n, "num_classes": 3, "class_type": ["horizontal", "vertical", "none"]}
    if kind == "shifted":
        config["possible_edge_location_ratio"] = 0.5
    elif kind == "permuted":
        config.update(use_permutation=True, permutater=np.random.default_rng(0).permutation(784))
    elif kind == "five":
        config.update(num_classes=5, class_type=["horizontal", "vertical", "both", "diagonal", "none"])
    return config
