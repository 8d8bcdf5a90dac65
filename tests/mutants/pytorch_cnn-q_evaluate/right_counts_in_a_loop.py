def evaluate(model, images, labels, batch_size=500):
    mode = model.training
    model.train(False)
    hits = total = 0
    with torch.no_grad():
        for k in range(0, images.shape[0], batch_size):
            scores = model(images[k : k + batch_size])
            for row, label in zip(scores.tolist(), labels[k : k + batch_size].tolist(), strict=True):
                hits += row.index(max(row)) == label
                total += 1
    model.train(mode)
    return hits / total
