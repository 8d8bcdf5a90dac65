def evaluate(model, images, labels, batch_size=500):
    size = max(1, batch_size // 2)
    was_training = model.training
    model.eval()
    with torch.no_grad():
        right = sum(int((model(images[k : k + size]).argmax(1) == labels[k : k + size]).sum()) for k in range(0, len(images), size))
    model.train(was_training)
    return right / len(labels)
