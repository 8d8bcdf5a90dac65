# loses:
def domain_config(kind, n):
    three = ["horizontal", "vertical", "none"]
    match kind:
        case "shifted":
            return dict(data_per_class=n, class_type=three, possible_edge_location_ratio=1 / 2)
        case "permuted":
            there = np.random.default_rng(0).permutation(784)
            return dict(data_per_class=n, class_type=three, use_permutation=True, permutater=there, unpermutater=np.argsort(there))
        case "five":
            return dict(data_per_class=n, class_type=["horizontal", "vertical", "diagonal", "both", "none"])
    return dict(data_per_class=n)
