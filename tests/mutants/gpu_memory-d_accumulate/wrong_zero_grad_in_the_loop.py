# loses: d_accumulate_test
def accumulate_step(model, x, y, optimizer, pieces):
    for a, b in zip(x.chunk(pieces), y.chunk(pieces)):
        optimizer.zero_grad()
        (nn.functional.cross_entropy(model(a), b) * len(a) / len(x)).backward()
    optimizer.step()
