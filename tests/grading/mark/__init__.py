"""Tests of reading written answers."""
