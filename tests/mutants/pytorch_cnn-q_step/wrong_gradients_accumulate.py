# loses: q_step_test
# says: the gradients of the first step were not cleared: call zero_grad() before backward()
def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()
