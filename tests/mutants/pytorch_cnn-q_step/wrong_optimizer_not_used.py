# loses: q_step_test
# says: the optimizer that is given is not used
def train_step(model, images, labels, optimizer):
    """Improve the model by one step on images (N, 3, 32, 32) and labels (N,). Return the loss, a float."""
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(images), labels)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
    return loss.item()
