# loses: a_context_test
# says: what memory.usable takes
context_mb = 16_000
