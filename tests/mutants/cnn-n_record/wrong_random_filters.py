# loses: n_record_test
# says: look like random numbers
import random

random.seed(0)
records['n_many']['value']['filters'] = [[[[random.gauss(0, 1) for _ in range(7)] for _ in range(7)] for _ in range(3)] for _ in range(16)]
seal('n_many')
