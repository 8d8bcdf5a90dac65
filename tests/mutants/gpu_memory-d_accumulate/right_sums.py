# loses: 
def accumulate_step(model, x, y, optimizer, pieces):
    optimizer.zero_grad()
    for a, b in zip(x.chunk(pieces), y.chunk(pieces)):
        loss = nn.functional.cross_entropy(model(a), b, reduction='sum') / len(x)
        loss.backward()
    optimizer.step()
