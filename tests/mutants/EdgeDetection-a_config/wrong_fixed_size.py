# loses: a_config_test, a_record_test
# says: does not ask for n pictures
def domain_config(kind, n):
    config = {"data_per_class": 100, "num_classes": 3, "class_type": ["horizontal", "vertical", "none"]}
    if kind == "shifted":
        config["possible_edge_location_ratio"] = 0.5
    elif kind == "permuted":
        config.update(use_permutation=True, permutater=np.random.default_rng(0).permutation(784))
    elif kind == "five":
        config.update(num_classes=5, class_type=["horizontal", "vertical", "diagonal", "both", "none"])
    return config
