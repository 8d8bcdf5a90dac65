# loses: e_record_test
# says: other entries
del records['e_deep']['value']['with']
seal('e_deep')
