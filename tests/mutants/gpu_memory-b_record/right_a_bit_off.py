# loses: 
v = records['b_optimizers']['value']
v['peaks']['adam'] += 8_000_000
seal('b_optimizers')
