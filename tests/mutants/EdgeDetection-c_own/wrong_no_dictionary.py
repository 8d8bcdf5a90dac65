# loses: c_own_test
# says: own is no dictionary
own = None
