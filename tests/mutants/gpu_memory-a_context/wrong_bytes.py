# loses: a_context_test
# says: these are bytes
context_mb = 10**10 - memory.usable(10**10)
