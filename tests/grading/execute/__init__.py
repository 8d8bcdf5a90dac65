"""Tests of grading/execute."""
