# loses: k_loss_test
# says: the weights have not changed
def w_tilde(w, G):
    return w


def X_tilde(X, G):
    return X / np.diag(G)
