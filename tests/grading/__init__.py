"""Tests of what staff run."""
