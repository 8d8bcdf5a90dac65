# loses: d_accumulate_test
# says: zero_grad at the start of every step
def accumulate_step(model, x, y, optimizer, pieces):
    for a, b in zip(x.chunk(pieces), y.chunk(pieces)):
        loss = nn.functional.cross_entropy(model(a), b) * len(a) / len(x)
        loss.backward()
    optimizer.step()
