def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    optimizer.zero_grad()
    loss = nn.CrossEntropyLoss()(model.forward(images), labels)
    loss.backward()
    optimizer.step()
    return float(loss)
