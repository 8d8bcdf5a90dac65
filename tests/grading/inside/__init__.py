"""Tests of grading/inside."""
