# loses: f_record_test
# says: the classes in the order given there
# trained and evaluated with the classes in another order: the record is of one piece, but not with the true labels
for by_size in records["f_pools"]["value"]["predictions"].values():
    for runs in by_size.values():
        runs[:] = [[{0: 1, 1: 0}.get(label, label) for label in row] for row in runs]
seal("f_pools")
