# loses: b_record_test
# says: MB were taken for bytes
v = records['b_optimizers']['value']
v['peaks'] = {k: n // 10**6 for k, n in v['peaks'].items()}
seal('b_optimizers')
