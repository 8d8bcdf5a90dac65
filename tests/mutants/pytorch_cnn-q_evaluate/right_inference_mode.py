@torch.inference_mode()
def evaluate(model, images, labels, batch_size=500):
    before = model.training
    model.eval()
    guesses = torch.cat([model(images[k : k + batch_size]).argmax(dim=1) for k in range(0, len(images), batch_size)])
    model.train(before)
    return float((guesses == labels).float().mean())
