# loses: r_record_test
# says: has the wrong shape
records['r_both']['value']['with']['val'].pop()
seal('r_both')
