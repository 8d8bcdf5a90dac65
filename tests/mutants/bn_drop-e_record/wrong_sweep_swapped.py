# loses: e_record_test
# says: survives small weights
v = records['e_sweep']['value']
v['with'], v['without'] = v['without'], v['with']
seal('e_sweep')
