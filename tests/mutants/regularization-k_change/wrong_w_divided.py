# loses: k_loss_test
# says: divided where they should be multiplied
def w_tilde(w, G):
    return w / np.diag(G)


def X_tilde(X, G):
    return X / np.diag(G)
