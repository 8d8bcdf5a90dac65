# loses: b_record_test
# says: Adam keeps two numbers for each parameter
v = records['b_optimizers']['value']
v['peaks']['adam'] = v['peaks']['momentum']
seal('b_optimizers')
