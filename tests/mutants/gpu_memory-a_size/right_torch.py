# loses: 
def model_size(rows):
    p = [(torch.Size(r['shape']).numel(), r) for r in rows if r['kind'] != 'buffer']
    return torch.tensor([sum(n for n, r in p if r['trainable']), sum(n * r['itemsize'] for n, r in p)])
