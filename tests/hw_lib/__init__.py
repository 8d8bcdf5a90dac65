"""Tests of the library that notebooks import."""
