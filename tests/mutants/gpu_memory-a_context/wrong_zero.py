# loses: a_context_test
# says: a context takes memory
context_mb = 0
