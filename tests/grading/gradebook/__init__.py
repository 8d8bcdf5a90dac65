"""Tests of grading/gradebook."""
