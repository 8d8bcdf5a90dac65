# loses: b_record_test
# says: measure at least two steps
v = records['b_optimizers']['value']
v['peaks'] = dict.fromkeys(v['peaks'], v['peaks']['sgd'])
seal('b_optimizers')
