def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    optimizer.zero_grad()
    loss = functional.nll_loss(functional.log_softmax(model(images), dim=-1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
