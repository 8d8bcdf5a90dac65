"""Tests of what the edge-detection homework alone needs."""
