# loses: q_evaluate_test
# says: the last, smaller batch is left out
def evaluate(model, images, labels, batch_size=500):
    """The share of images (N, 3, 32, 32) that the model puts into the class of its label (N,)."""
    mode = model.training
    model.eval()
    right = 0
    with torch.no_grad():
        for some, truth in [(images[k : k + batch_size], labels[k : k + batch_size]) for k in range(0, max(len(images) - batch_size + 1, 1), batch_size)]:
            right += (model(some).argmax(dim=1) == truth).sum().item()
    model.train(mode)
    return right / max(len(images) // batch_size * batch_size, min(batch_size, len(images)))
