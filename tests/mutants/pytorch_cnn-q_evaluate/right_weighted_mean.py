def evaluate(model, images, labels, batch_size=500):
    was_training = model.training
    model.eval()
    share = 0.0
    with torch.no_grad():
        for start in range(0, len(images), batch_size):
            truth = labels[start : start + batch_size]
            top = model(images[start : start + batch_size]).topk(1).indices[:, 0]
            share += (top == truth).float().mean().item() * len(truth) / len(images)
    model.train(was_training)
    return share
