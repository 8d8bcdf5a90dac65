# loses: a_context_test
# says: context_mb
context_mb = "unknown"
