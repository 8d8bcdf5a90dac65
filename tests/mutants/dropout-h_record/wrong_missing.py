# loses: h_record_test
# says: there is no record 'h_adam'
del records['h_adam']
