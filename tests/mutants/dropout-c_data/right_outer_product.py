# loses:
import itertools

inputs_c = np.array([10, 1]) * np.array(list(itertools.product([0, 1], repeat=2))) / 0.5
targets_c = [11] * 4
