# loses: d_accumulate_test
# says: the peak is hardly smaller
def accumulate_step(model, x, y, optimizer, pieces):
    optimizer.zero_grad()
    loss = 0
    for a, b in zip(x.chunk(pieces), y.chunk(pieces)):
        loss = loss + nn.functional.cross_entropy(model(a), b) * len(a) / len(x)
    loss.backward()
    optimizer.step()
