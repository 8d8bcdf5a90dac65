# loses:
EXTRA = {
    "plain": {},
    "shifted": {"possible_edge_location_ratio": 0.5},
    "permuted": {"use_permutation": True, "permutater": np.random.default_rng(0).permutation(784).tolist()},
    "five": {"num_classes": 5, "class_type": ("horizontal", "vertical", "diagonal", "both", "none")},
}


def domain_config(kind, n):
    return {"data_per_class": n, **EXTRA[kind]}
