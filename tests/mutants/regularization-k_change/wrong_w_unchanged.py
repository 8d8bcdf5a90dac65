# loses: k_loss_test, k_minimum_test
# says: which vector has the norm
def w_tilde(w, G):
    return w


def X_tilde(X, G):
    return X / np.diag(G)
