# loses: a_size_test
# says: taken to have 4 bytes
def model_size(rows):
    p = [(int(np.prod(r['shape'], dtype=np.int64)), r) for r in rows if r['kind'] == 'parameter']
    return sum(n for n, r in p if r['trainable']), sum(4 * n for n, r in p)
