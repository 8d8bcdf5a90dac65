context_mb = 524.288
