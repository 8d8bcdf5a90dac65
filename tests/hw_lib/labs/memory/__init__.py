"""Tests of what the GPU-memory homework alone needs."""
