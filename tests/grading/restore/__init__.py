"""Tests of grading/restore."""
