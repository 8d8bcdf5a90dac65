def evaluate(model, images, labels, batch_size=500):
    """The share of images (N, 3, 32, 32) that the model puts into the class of its label (N,)."""
    mode = model.training
    model.eval()
    right = 0
    gradients = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    for some, truth in zip(images.split(batch_size), labels.split(batch_size), strict=True):
        right += (model(some).argmax(dim=1) == truth).sum().item()
    torch.set_grad_enabled(gradients)
    model.train(mode)
    return right / len(images)
