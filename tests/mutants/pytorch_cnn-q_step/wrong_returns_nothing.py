# loses: q_step_test
# says: train_step returns nothing
def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    optimizer.zero_grad()
    loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
