# loses: g_record_test
# says: has the wrong shape
records['g_dropout']['value']['with'][2]['val'].pop()
seal('g_dropout')
