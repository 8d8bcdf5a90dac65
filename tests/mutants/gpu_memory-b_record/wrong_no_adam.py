# loses: b_record_test
# says: lacks an optimizer
v = records['b_optimizers']['value']
del v['peaks']['adam']
seal('b_optimizers')
