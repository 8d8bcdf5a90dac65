# loses: q_evaluate_test
# says: the accuracy is not between 0 and 1
def evaluate(model, images, labels, batch_size=500):
    """The share of images (N, 3, 32, 32) that the model puts into the class of its label (N,)."""
    mode = model.training
    model.eval()
    right = 0
    with torch.no_grad():
        for some, truth in zip(images.split(batch_size), labels.split(batch_size), strict=True):
            right += (model(some).argmax(dim=1) == truth).sum().item()
    model.train(mode)
    return 100 * right / len(images)
