# loses: q_step_test
# says: the loss is summed over the batch
def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    optimizer.zero_grad()
    loss = functional.cross_entropy(model(images), labels, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()
