# loses: d_accumulate_test
# says: in evaluation mode
def accumulate_step(model, x, y, optimizer, pieces):
    model.eval()
    model.zero_grad()
    size = -(-len(x) // pieces)
    total = 0.0
    for start in range(0, len(x), size):
        scores = model(x[start : start + size])
        loss = nn.functional.cross_entropy(scores, y[start : start + size], reduction='sum') / len(x)
        loss.backward()
        total += loss.item()
    optimizer.step()
    return total
