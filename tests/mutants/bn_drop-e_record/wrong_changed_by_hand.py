# loses: e_record_test
# says: was changed after it was written
records['e_deep']['seconds'] = 1.0
