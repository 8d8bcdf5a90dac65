# loses: a_size_test
# says: bits are returned
def model_size(rows):
    p = [(int(np.prod(r['shape'], dtype=np.int64)), r) for r in rows if r['kind'] == 'parameter']
    return sum(n for n, r in p if r['trainable']), 8 * sum(n * r['itemsize'] for n, r in p)
