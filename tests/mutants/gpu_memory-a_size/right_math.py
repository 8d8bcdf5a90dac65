# loses: 
import math


def model_size(rows):
    parameters = [r for r in rows if r['kind'] == 'parameter']
    return np.array([sum(math.prod(r['shape']) * r['trainable'] for r in parameters), sum(math.prod(r['shape']) * r['itemsize'] for r in parameters)])
