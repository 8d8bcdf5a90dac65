# loses: a_size_test
# says: (count, bytes)
def model_size(rows):
    p = [(int(np.prod(r['shape'], dtype=np.int64)), r) for r in rows if r['kind'] == 'parameter']
    return sum(n * r['itemsize'] for n, r in p), sum(n for n, r in p if r['trainable'])
