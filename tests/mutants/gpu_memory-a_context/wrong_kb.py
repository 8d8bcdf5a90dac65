# loses: a_context_test
# says: these are kB
context_mb = 524_288
