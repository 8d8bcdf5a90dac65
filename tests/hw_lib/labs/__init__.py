"""Tests of what serves one homework alone."""
