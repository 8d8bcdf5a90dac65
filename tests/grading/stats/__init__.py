"""Tests of the figures of a class."""
