# loses: h_record_test
# says: was changed after it was written
del records['h_adam']['sha256']
