# loses: d_accumulate_test
# says: split(size) their length
def accumulate_step(model, x, y, optimizer, pieces):
    optimizer.zero_grad()
    for images, labels in zip(x.split(pieces), y.split(pieces)):
        (nn.functional.cross_entropy(model(images), labels, reduction="sum") / len(x)).backward()
    optimizer.step()
