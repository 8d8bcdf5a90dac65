# MiB for MB is accepted
context_mb = 500
