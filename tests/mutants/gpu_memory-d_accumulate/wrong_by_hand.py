# loses: d_accumulate_test
# says: the optimizer that was given does not take one step
def accumulate_step(model, x, y, optimizer, pieces):
    model.zero_grad()
    for images, labels in zip(x.chunk(pieces), y.chunk(pieces)):
        (nn.functional.cross_entropy(model(images), labels, reduction="sum") / len(x)).backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
