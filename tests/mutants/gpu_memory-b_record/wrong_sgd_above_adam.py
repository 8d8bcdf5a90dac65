# loses: b_record_test
# says: plain SGD needs more memory
v = records['b_optimizers']['value']
p = v['peaks']
p['sgd'], p['adam'] = p['adam'], p['sgd']
seal('b_optimizers')
