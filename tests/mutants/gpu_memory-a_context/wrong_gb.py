# loses: a_context_test
# says: these are GB
context_mb = 0.524
