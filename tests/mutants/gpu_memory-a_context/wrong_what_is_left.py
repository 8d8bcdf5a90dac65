# loses: a_context_test
# says: what memory.usable takes
context_mb = memory.usable(10**10) / 1e6
