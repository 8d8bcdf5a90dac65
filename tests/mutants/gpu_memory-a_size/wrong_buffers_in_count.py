# loses: a_size_test
# says: buffers are counted
def model_size(rows):
    p = [(int(np.prod(r['shape'], dtype=np.int64)), r) for r in rows if True]
    return sum(n for n, r in p), sum(n * r['itemsize'] for n, r in p if r['kind'] == 'parameter')
