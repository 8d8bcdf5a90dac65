"""Tests of grading/sandbox."""
