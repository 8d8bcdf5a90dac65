# loses: e_record_test
# says: has the wrong shape
records['e_deep']['value']['with']['val'].pop()
seal('e_deep')
