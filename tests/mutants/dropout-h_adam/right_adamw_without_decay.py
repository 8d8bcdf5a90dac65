# loses:
def adam_weights(p, itrs=10_000):
    net = nn.Sequential(Dropout(p), make_network())
    _, path = train_simple(net, batch_size=1024, itrs=itrs, optim_class=lambda *a, **k: torch.optim.AdamW(*a, weight_decay=0.0, **k))
    return path[-1]
