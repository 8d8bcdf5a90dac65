# loses: d_accumulate_test
# says: the peak is hardly smaller
def accumulate_step(model, x, y, optimizer, pieces):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
