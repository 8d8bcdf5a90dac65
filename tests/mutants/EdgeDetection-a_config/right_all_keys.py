# loses:
def domain_config(kind, n):
    config = {"data_per_class": n, "num_classes": 3, "class_type": ["horizontal", "vertical", "none"], "seed": 0}
    config["possible_edge_location_ratio"] = 0.5 if kind == "shifted" else 1.0
    config["use_permutation"] = kind == "permuted"
    config["permutater"] = np.random.default_rng(0).permutation(784)
    if kind == "five":
        config["num_classes"], config["class_type"] = 5, ["horizontal", "vertical", "diagonal", "both", "none"]
    return config
