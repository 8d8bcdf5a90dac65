# loses: b_record_test
# says: does not show what momentum keeps
v = records['b_optimizers']['value']
v['peaks']['momentum'] -= 110_000_000
seal('b_optimizers')
