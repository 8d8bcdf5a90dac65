# loses: 
def model_size(rows):
    p = [r for r in rows if r['kind'] == 'parameter']
    n = [int(np.prod(r['shape'])) for r in p]
    return sum(k for k, r in zip(n, p) if r['trainable']), sum(k * r['itemsize'] for k, r in zip(n, p))
